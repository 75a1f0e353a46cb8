#include "base/strict_json.h"

#include <nlohmann/json.hpp>

#include "support/world.h"

using namespace emulator;

namespace {

std::string JsonErrorFor(const std::string& text) {
  try {
    ParseStrictJson(text);
  } catch (const JsonTextError& error) {
    return std::to_string(error.line()) + ": " + error.what();
  }
  return "accepted";
}

}  // namespace

TEST_CASE("valid JSON is parsed unchanged") {
  CHECK(ParseStrictJson(R"({"a": [1, "x", null, true, 1.5], "b": {"a": {}}})").dump() ==
        R"({"a":[1,"x",null,true,1.5],"b":{"a":{}}})");
}

TEST_CASE("a repeated member is rejected with its line") {
  CHECK(JsonErrorFor("{\n\"a\": 1,\n\"a\": 2}") ==
        "3: the member \"a\" is there twice; keep one of the two.");
  CHECK(JsonErrorFor(R"({"a": {"x": 1, "x": 1}})").find("\"x\" is there twice") !=
        std::string::npos);
  CHECK(JsonErrorFor(R"([{"a": 1}, {"a": 1}])") == "accepted");
  CHECK(JsonErrorFor(R"({"a": {"a": {"a": 1}}})") == "accepted");
}

TEST_CASE("text that is not JSON is rejected with its line") {
  CHECK(JsonErrorFor("{\n  \"a\": tru\n}").starts_with("2: is not JSON: "));
  for (const char* nothing : {"", " ", "\n\t\r\n"})
    CHECK(JsonErrorFor(nothing) == "1: is empty; wanted: JSON, at least {}.");
  CHECK(JsonErrorFor("{\"a\": 1,}").starts_with("1: is not JSON: "));
  CHECK(JsonErrorFor("{} {}").starts_with("1: is not JSON: "));
  CHECK(JsonErrorFor("{\"a\": \"\xff\"}").starts_with("1: is not JSON: "));
}

TEST_CASE("long strings and deep nesting are rejected") {
  CHECK(JsonErrorFor("[\"" + std::string(4096, 'x') + "\"]") == "accepted");
  CHECK(JsonErrorFor("[\"" + std::string(4097, 'x') + "\"]").find("at most 4096") !=
        std::string::npos);
  CHECK(JsonErrorFor("{\"" + std::string(4097, 'x') + "\": 1}").find("at most 4096") !=
        std::string::npos);
  CHECK(JsonErrorFor(std::string(32, '[') + std::string(32, ']')) == "accepted");
  CHECK(JsonErrorFor(std::string(100'000, '[')).find("nested deeper than 32") != std::string::npos);
}

TEST_CASE("the line of a value is the line of its key, or else of its first character") {
  const std::string text = "{\n \"a\": [\n  {},\n  {\"b/c\":\n   1}\n ],\n \"d\": 2\n}\n";
  CHECK(LineOf(text, "") == 1);
  CHECK(LineOf(text, "/a") == 2);
  CHECK(LineOf(text, "/a/0") == 3);
  CHECK(LineOf(text, "/a/1") == 4);
  CHECK(LineOf(text, "/a/1/b~1c") == 4);
  CHECK(LineOf(text, "/d") == 7);
}

TEST_CASE("pointer steps are escaped") {
  CHECK(PointerStep("a~/b") == "a~0~1b");
}
