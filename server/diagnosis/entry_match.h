// Which entries of the journal somebody means: a match, as verifications and the journal's own
// filters write it.
// Threads: values and pure functions.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "journal/journal_entry.h"

namespace emulator::diagnosis {

// Of an entry: those that fit every member that is there.
struct EntryMatch {
  std::optional<std::string> method;
  std::optional<std::string> path;    // a pattern: MatchesPath; within the World, without query
  std::optional<std::string> status;  // "401", "4xx"; "0": a broken connection
  // Exactly, by the member's name: operation, connectionId, client, user, token, gate, reason.
  std::vector<std::pair<std::string, std::string>> exactly;
  std::optional<std::string> note;  // the word of one of its notes
  // nullopt: it must not be there. Names compare without case, values exactly.
  std::vector<std::pair<std::string, std::optional<std::string>>> headers;
  std::vector<std::pair<std::string, std::optional<std::string>>> query;
};

// REQUIRES: the shape EntryMatch of schema/control.openapi.json.
EntryMatch ReadEntryMatch(const nlohmann::json& match);

// "401", "4xx" or "0".
bool IsStatusPattern(std::string_view text);

struct Difference {
  std::string member;  // "status", "headers/accept"
  std::string expected;
  std::string found;  // "none": it has none
};
// Empty: it fits.
std::vector<Difference> Differences(const EntryMatch& match, const journal::JournalEntry& entry);
bool Fits(const EntryMatch& match, const journal::JournalEntry& entry);

}  // namespace emulator::diagnosis
