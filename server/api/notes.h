// What a client does otherwise than its contract asks, though the service lets it pass.
// Threads: pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "api/causes.h"
#include "world/journal_entry.h"

namespace emulator {

// Something that the page asks of a client and that the service lets pass.
struct Note {
  std::string_view word;  // "accept-missing"
  std::string sentence;
  Source source;
  bool breaks_contract;  // false: it is advice
};
// In the order of the words below. Of a body that was not kept as a whole nothing is said.
std::vector<Note> NotesOn(const JournalEntry& entry);
// accept-missing, accept-other, scope-older, query-unknown, query-missing, query-invalid,
// body-ignored, body-missing, body-invalid, body-member-unknown, content-type-other
std::vector<std::string> NoteWords();

}  // namespace emulator
