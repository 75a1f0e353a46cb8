// Why a request was answered as it was, in sentences, from what the journal keeps of it: gate by
// gate what was expected and what was found, and which source decides so.
// Threads: pure.
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
    kFault,  // a planned fault or Prefer decided, or only altered the answer
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
  const api::Reason* reason;  // nullptr: it was not refused
  std::vector<ContractWarning> contract_warnings;
  std::vector<std::string_view> violations;  // of the contract, by the answer; the entry's
};
Why Explain(const journal::JournalEntry& entry);

// For a terminal: lines of text.
std::string WriteWhy(const journal::JournalEntry& entry);

}  // namespace emulator::diagnosis
