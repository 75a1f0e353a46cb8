// Journal entries as JSON, for the control API.
// Threads: pure functions.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "diagnosis/why.h"
#include "journal/journal_entry.h"

namespace emulator::diagnosis {

// `base_url`: of the entry's world, for the link to its why; `root_url`: of the default world, for
// the curl line.
nlohmann::ordered_json RenderEntry(const journal::JournalEntry& entry, const std::string& base_url,
                                   const std::string& root_url);

// A command for a POSIX shell that repeats the request. It has the token's name in place of the
// token.
std::string CurlLine(const journal::JournalEntry& entry, std::string_view root_url);

nlohmann::ordered_json RenderWhy(const journal::JournalEntry& entry);

}  // namespace emulator::diagnosis
