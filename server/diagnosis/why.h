// Explains an answer from its journal entry: for each gate what was expected, what was found, and
// which source decides.
// Threads: pure functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "api/reasons.h"
#include "diagnosis/contract_warnings.h"
#include "journal/journal_entry.h"

namespace emulator::diagnosis {

struct Step {
  enum class Verdict {
    kPassed,
    kRefused,
    kFault,  // a planned fault or Prefer chose the answer, or a planned fault altered it
  };
  api::Gate gate;
  Verdict verdict;
  std::string expected;
  std::string found;
  api::Citation citation;
};
std::string_view Name(Step::Verdict verdict);  // "passed"

struct Why {
  std::string summary;        // "401 at the gate authenticate: token-expired."
  std::vector<Step> steps;    // up to the gate that decided
  const api::Reason* reason;  // nullptr: no gate refused the request
  std::vector<ContractWarning> contract_warnings;
  std::vector<std::string_view> violations;  // how the answer breaks the contract; views into the
                                             // entry
};
Why Explain(const journal::JournalEntry& entry);

// Lines of text for a terminal, without control characters.
std::string WriteWhy(const journal::JournalEntry& entry);

}  // namespace emulator::diagnosis
