#include "base/json_schema.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

using namespace emulator;

namespace {

constexpr const char* kSchema = R"({
  "parts": {
    "colour": { "description": "a colour", "type": "string", "enum": ["red", "green"] },
    "box": {
      "description": "a box",
      "type": "object",
      "additionalProperties": false,
      "x-renamed": { "paint": "colour" },
      "required": ["colour"],
      "properties": {
        "colour": { "$ref": "#/parts/colour" },
        "size": { "description": "a size: a number, or {\"least\": number}",
                  "oneOf": [{ "type": "number" },
                            { "type": "object", "required": ["least"], "additionalProperties": false,
                              "properties": { "least": { "description": "a least size", "type": "number" } } }] },
        "key": { "description": "a key of digits", "type": "string", "pattern": "^[0-9]+$", "writeOnly": true },
        "made": { "description": "a time", "type": "string", "format": "date-time" },
        "labels": { "description": "an object of texts", "type": "object",
                    "additionalProperties": { "description": "a text", "type": "string" } },
        "boxes": { "description": "some boxes", "type": "array", "minItems": 1, "items": { "$ref": "#/parts/box" } }
      }
    }
  }
})";

std::vector<std::string> SentencesFor(const char* document) {
  static const JsonSchema schema(kSchema, "/parts/box");
  std::vector<std::string> sentences;
  for (const SchemaViolation& violation : schema.Validate(nlohmann::json::parse(document)))
    sentences.push_back(violation.pointer + ": " + violation.sentence);
  std::sort(sentences.begin(), sentences.end());
  return sentences;
}

using Messages = std::vector<std::string>;

}  // namespace

TEST_CASE("a document that fits a part of a schema has no violations") {
  CHECK(SentencesFor(R"({"colour": "red", "size": {"least": 1}, "key": "1", "labels": {"a": "b"},
                   "boxes": [{"colour": "green", "size": 2}]})")
            .empty());
}

TEST_CASE("the former name of a member is answered with its present name") {
  const std::vector<std::string> sentences = SentencesFor(R"({"paint": "red", "colour": "red"})");
  REQUIRE(sentences.size() == 1);
  CHECK(sentences[0].starts_with("/paint: unknown member \"paint\". Did you mean \"colour\"?"));
}

TEST_CASE("a sentence names the place, the value and what is expected") {
  CHECK(SentencesFor("3") == Messages{": is 3; wanted: a box."});
  CHECK(SentencesFor("{}") == Messages{": the member \"colour\" is missing; add a colour."});
  CHECK(SentencesFor(R"({"color": "red", "colour": "red"})") ==
        Messages{
            "/color: unknown member \"color\". Did you mean \"colour\"? Known here: boxes, colour, "
            "key, labels, made, size."});
  CHECK(SentencesFor(R"({"colour": "gren"})") ==
        Messages{"/colour: is \"gren\"; wanted: one of red, green. Did you mean \"green\"?"});
  CHECK(SentencesFor(R"({"colour": "red", "boxes": []})") ==
        Messages{"/boxes: is empty; wanted: some boxes."});
  CHECK(SentencesFor(R"({"colour": "red", "boxes": [{"colour": "red"}, {}]})") ==
        Messages{"/boxes/1: the member \"colour\" is missing; add a colour."});
  CHECK(SentencesFor(R"({"colour": "red", "labels": {"a/b": 1}})") ==
        Messages{"/labels/a~1b: is 1; wanted: a text."});
}

TEST_CASE("a violation of oneOf names the selected alternative, or the purpose of all") {
  CHECK(SentencesFor(R"({"colour": "red", "size": "big"})") ==
        Messages{"/size: is \"big\"; wanted: a size: a number, or {\"least\": number}."});
  CHECK(SentencesFor(R"({"colour": "red", "size": {"least": "x", "more": 1}})") ==
        Messages{"/size/least: is \"x\"; wanted: a least size.",
                 "/size/more: unknown member \"more\". Known here: least."});
}

TEST_CASE("a secret is not shown") {
  CHECK(SentencesFor(R"({"colour": "red", "key": "hush"})") ==
        Messages{"/key: does not fit; wanted: a key of digits."});
}

TEST_CASE("a list in place of a time is rejected; it once ended the program") {
  CHECK(SentencesFor(R"({"colour": "red", "made": ["a b"]})") ==
        Messages{"/made: is a list; wanted: a time."});
}
