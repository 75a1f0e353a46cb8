// A saved page in the vendor's format but our own words: a text of tests/pages/ with the golden
// files as its examples. tests/program/drift_test.py makes the same page.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "support/world.h"

namespace emulator {

// Replaces `from` by `to`. REQUIRES: `from` occurs exactly once.
inline std::string Altered(std::string text, std::string_view from, std::string_view to) {
  const size_t at = text.find(from);
  REQUIRE_MESSAGE(at != std::string::npos, from);
  REQUIRE_MESSAGE(text.find(from, at + 1) == std::string::npos, from);
  return text.replace(at, from.size(), to);
}

// The page of get-export-connection.
inline std::string SavedPage() {
  const std::string operation = "get-export-connection";
  std::string text = ReadFile(SourceFolder() + "/tests/pages/" + operation + ".txt");
  for (const int status : {200, 401, 403, 404, 429})
    text = Altered(text, "@" + std::to_string(status) + "@",
                   nlohmann::ordered_json::parse(Golden(operation, status)).dump(4));
  return text;
}

}  // namespace emulator
