// What a test claims of a journal, and whether it is so. A claim is one of three: how many entries
// fit a match; that entries fit several matches one after the other; that no client came back
// earlier than `retry-after` had said.
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
  std::vector<EntryMatch> matches;  // others may come in between
};
struct NoEarlyRetryClaim {};

struct Verification {
  std::variant<CountClaim, SequenceClaim, NoEarlyRetryClaim> claim;
  uint64_t since = 0;      // of entries with a larger id
  std::string definition;  // as the user wrote it
};

// One, or a list of which all must be met. What the schema cannot say goes into `defects`.
// REQUIRES: the shape Verifications of schema/control.openapi.json.
std::vector<Verification> ReadVerifications(const nlohmann::json& body,
                                            std::vector<SchemaViolation>& defects);

// A list of verifications in a text, as `exec --verify` reads it. With any defect there are none of
// them, but a sentence with its place for each defect.
std::vector<Verification> ReadVerificationText(std::string_view text,
                                               std::vector<std::string>& sentences);

struct VerificationResult {
  bool is_met = true;
  std::string sentence;  // why it is not met; empty when it is
  nlohmann::ordered_json report() const;

  uint64_t found = 0;               // entries that fit, or steps of a sequence that were found
  std::vector<uint64_t> ids;        // of them; the first 100
  uint64_t nearest = 0;             // the entry that came nearest to fit; 0: there is none
  std::vector<Difference> differs;  // in what
  std::string definition;
};

// Whether a claim has come true, told entry by entry: for who waits for it.
class ClaimEvaluator {
 public:
  explicit ClaimEvaluator(Verification verification) : verification_(std::move(verification)) {}

  void Observe(const journal::JournalEntry& entry);  // by id
  bool IsMet() const;     // how clients retried is judged at the end alone
  bool CanBeMet() const;  // by more entries, or is met

  uint64_t found() const { return found_; }  // entries that fit, or steps of a sequence
  const std::vector<uint64_t>& ids() const { return ids_; }  // of them; the first 100

 private:
  void Find(const journal::JournalEntry& entry);

  const Verification verification_;
  uint64_t found_ = 0;
  std::vector<uint64_t> ids_;
};

// `journals`: the entries of one World each, by id.
VerificationResult Evaluate(const Verification& verification,
                            std::span<const std::vector<journal::RecordedEntry>> journals);

}  // namespace emulator::diagnosis
