// A match: which journal entries a verification, or a filter of the journal, selects.
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

// Selects the entries that match every member that is set.
struct EntryMatch {
  std::optional<std::string> method;
  std::optional<std::string> path;    // a pattern (MatchesPath), without query and sandbox prefix
  std::optional<std::string> status;  // "401", "4xx"; "0": a broken connection
  // Name and value of the members that compare exactly: operation, connectionId, client, user,
  // token, gate, reason.
  std::vector<std::pair<std::string, std::string>> exact;
  std::optional<std::string> contract_warning;  // the code of one of the entry's warnings
  // Names compare without case, values exactly. nullopt: the header or parameter must be absent.
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
  std::string found;  // "none": the entry has no such value
};
// Empty: the entry matches.
std::vector<Difference> Differences(const EntryMatch& match, const journal::JournalEntry& entry);
bool Matches(const EntryMatch& match, const journal::JournalEntry& entry);

}  // namespace emulator::diagnosis
