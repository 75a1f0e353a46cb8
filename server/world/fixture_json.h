// Rows as the JSON of a fixture file, in both directions.
// Threads: functions of their arguments.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "world/fixture_file.h"
#include "world/rows.h"

namespace emulator {

// The row that an item of a section says. A connection may be wrapped, {"connection": {...}}.
// REQUIRES: an item of the shape that the schema wants.
template <typename Row>
Row RowOf(const nlohmann::json& item);
template <>
Connection RowOf(const nlohmann::json& item);
template <>
User RowOf(const nlohmann::json& item);
template <>
Client RowOf(const nlohmann::json& item);
template <>
Token RowOf(const nlohmann::json& item);
template <>
Run RowOf(const nlohmann::json& item);
template <>
RunPlan RowOf(const nlohmann::json& item);

// The item that says a row, compact. Members stand in the order of the page's example, or else of
// the schema; those that are absent, or as if absent, are left out. Bytes that are no UTF-8, which
// only a hand could have put into a store, become U+FFFD.
std::string JsonOf(const Connection& connection);
std::string JsonOf(const User& user);
std::string JsonOf(const Client& client);
std::string JsonOf(const Token& token);
std::string JsonOf(const Run& run);
std::string JsonOf(const RunPlan& plan);

// A whole fixture file, indented by two spaces. Read again it gives the same rows.
std::string WriteFixtures(const FixtureSet& set);

}  // namespace emulator
