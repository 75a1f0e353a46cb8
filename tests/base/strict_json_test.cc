#include "base/strict_json.h"

#include <nlohmann/json.hpp>

#include "support/world.h"

using namespace emulator;

namespace {

std::string JsonRefusalOf(const std::string& text) {
  try {
    ParseStrictJson(text);
  } catch (const JsonTextError& error) {
    return std::to_string(error.line()) + ": " + error.what();
  }
  return "taken";
}

}  // namespace

TEST_CASE("plain JSON is taken as it is") {
  CHECK(ParseStrictJson(R"({"a": [1, "x", null, true, 1.5], "b": {"a": {}}})").dump() ==
        R"({"a":[1,"x",null,true,1.5],"b":{"a":{}}})");
}

TEST_CASE("a member that is there twice is refused, with its line") {
  CHECK(JsonRefusalOf("{\n\"a\": 1,\n\"a\": 2}") ==
        "3: the member \"a\" is there twice; keep one of the two.");
  CHECK(JsonRefusalOf(R"({"a": {"x": 1, "x": 1}})").find("\"x\" is there twice") !=
        std::string::npos);
  CHECK(JsonRefusalOf(R"([{"a": 1}, {"a": 1}])") == "taken");
  CHECK(JsonRefusalOf(R"({"a": {"a": {"a": 1}}})") == "taken");
}

TEST_CASE("what is not JSON is refused with its line and what was found") {
  CHECK(JsonRefusalOf("{\n  \"a\": tru\n}").starts_with("2: is not JSON: "));
  for (const char* nothing : {"", " ", "\n\t\r\n"})
    CHECK(JsonRefusalOf(nothing) == "1: is empty; wanted: JSON, at least {}.");
  CHECK(JsonRefusalOf("{\"a\": 1,}").starts_with("1: is not JSON: "));
  CHECK(JsonRefusalOf("{} {}").starts_with("1: is not JSON: "));
  CHECK(JsonRefusalOf("{\"a\": \"\xff\"}").starts_with("1: is not JSON: "));
}

TEST_CASE("long texts and deep nesting are refused before anything else reads them") {
  CHECK(JsonRefusalOf("[\"" + std::string(4096, 'x') + "\"]") == "taken");
  CHECK(JsonRefusalOf("[\"" + std::string(4097, 'x') + "\"]").find("at most 4096") !=
        std::string::npos);
  CHECK(JsonRefusalOf("{\"" + std::string(4097, 'x') + "\": 1}").find("at most 4096") !=
        std::string::npos);
  CHECK(JsonRefusalOf(std::string(32, '[') + std::string(32, ']')) == "taken");
  CHECK(JsonRefusalOf(std::string(100'000, '[')).find("nested deeper than 32") !=
        std::string::npos);
}

TEST_CASE("the line of a value is where its key or its beginning stands") {
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
