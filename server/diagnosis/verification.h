// Verifications: claims of a test about a journal, and whether they hold. A claim is one of three:
// how many entries match; that entries match several matches in order; that no client retried
// earlier than `retry-after` allowed.
// Threads: values and pure functions.
#pragma once

#include <cstdint>
#include <limits>
#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/json_schema.h"
#include "diagnosis/entry_match.h"

namespace emulator::diagnosis {

struct CountClaim {
  EntryMatch match;
  uint64_t at_least = 1;
  uint64_t at_most = std::numeric_limits<uint64_t>::max();
};
struct SequenceClaim {
  std::vector<EntryMatch> matches;  // other entries may come in between
};
struct NoEarlyRetryClaim {};

struct Verification {
  std::variant<CountClaim, SequenceClaim, NoEarlyRetryClaim> claim;
  uint64_t since = 0;      // only entries with a larger id count
  std::string definition;  // JSON, as the user wrote it
};

// Reads one verification or a list. Adds to `violations` what the schema cannot express.
// REQUIRES: the shape Verifications of schema/control.openapi.json.
std::vector<Verification> ReadVerifications(const nlohmann::json& body,
                                            std::vector<SchemaViolation>& violations);

// Reads the file of `exec --verify`. On any error it returns no verification, and in `errors` a
// sentence with its place for each.
std::vector<Verification> ReadVerificationText(std::string_view text,
                                               std::vector<std::string>& errors);

struct VerificationResult {
  bool passed = true;
  std::string sentence;  // why the claim does not hold; empty when it does

  uint64_t count = 0;                   // matching entries; of a sequence, the matched steps
  std::vector<uint64_t> ids;            // the first 100 of these entries
  uint64_t nearest = 0;                 // the entry that differs least from the match; 0: none
  std::vector<Difference> differences;  // between `nearest` and the match
  std::string definition;
};
nlohmann::ordered_json RenderVerificationResult(const VerificationResult& result);

// Evaluates a claim entry by entry, for a call that waits until the claim holds.
class ClaimEvaluator {
 public:
  explicit ClaimEvaluator(Verification verification) : verification_(std::move(verification)) {}

  // REQUIRES: entries in the order of their ids.
  void Observe(const journal::JournalEntry& entry);
  bool Holds() const;         // always true for NoEarlyRetryClaim: only Evaluate checks it
  bool CanStillHold() const;  // now, or after more entries

  uint64_t count() const { return count_; }  // matching entries, or matched steps of a sequence
  const std::vector<uint64_t>& ids() const { return ids_; }  // the first 100 of these entries

 private:
  void Add(const journal::JournalEntry& entry);

  const Verification verification_;
  uint64_t count_ = 0;
  std::vector<uint64_t> ids_;
};

// `journals`: for each world, its entries by id.
VerificationResult Evaluate(const Verification& verification,
                            std::span<const std::vector<journal::RecordedEntry>> journals);

}  // namespace emulator::diagnosis
