// Why a request was answered as it was, in sentences, from what the journal keeps of it: gate by
// gate what was expected and what was found, and which source decides so.
// Threads: pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "api/causes.h"
#include "api/notes.h"
#include "world/journal_entry.h"

namespace emulator {

struct Step {
  enum class Verdict {
    kPassed,
    kRefused,
    kStruck,  // a planned fault or Prefer decided, or only altered the answer
  };
  Gate gate;
  Verdict verdict;
  std::string expected;
  std::string found;
  Source source;
};
std::string_view Name(Step::Verdict verdict);  // "passed"

struct Why {
  std::string summary;      // "401 at the gate authenticate: token-expired."
  std::vector<Step> steps;  // up to the gate that decided
  const Cause* cause;       // nullptr: it was not refused
  std::vector<Note> notes;
  std::vector<std::string_view> violations;  // of the contract, by the answer; the entry's
};
Why Explain(const JournalEntry& entry);

// For a terminal: lines of text.
std::string WriteWhy(const JournalEntry& entry);

}  // namespace emulator
