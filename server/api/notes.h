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
};
// In the order of the words below.
std::vector<Note> NotesOn(const JournalEntry& entry);
// accept-missing, accept-other, scope-older, query-unknown, body-ignored
std::vector<std::string> NoteWords();

}  // namespace emulator
