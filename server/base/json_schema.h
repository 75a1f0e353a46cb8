// Validates a JSON document against a JSON Schema and explains each violation in a sentence.
// valijson finds the violations; the sentences use the schema's descriptions: "is 3; wanted: a
// text."
//
// A schema may use everything that valijson supports. The sentences understand objects, lists,
// enums, "$ref", "if"/"then"/"else" on a required member, and "oneOf": they follow the alternative
// that is an object or a list like the value, else use the description of the "oneOf" itself.
// "writeOnly" marks a secret: its value is not shown. "x-renamed" maps former names of members to
// their present names, for the suggestion.
//
// Threads: immutable after construction.
#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace emulator {

struct SchemaViolation {
  std::string pointer;             // RFC 6901; empty: the document itself
  std::string sentence;            // without the place
  bool is_unknown_member = false;  // the violation is only that the member is unknown
};
// The sentence with its place: "PLACE is 3; ..." or, if the sentence has no verb, "PLACE: unknown
// member ...".
std::string Sentence(const std::string& place, const std::string& violation);

class JsonSchema {
 public:
  // `schema`: JSON text. `part`: a pointer to the part that describes a whole document, such as
  // "/components/schemas/Fault"; empty: the whole schema.
  explicit JsonSchema(std::string_view schema, const std::string& part = "");
  ~JsonSchema();
  JsonSchema(const JsonSchema&) = delete;
  JsonSchema& operator=(const JsonSchema&) = delete;

  // All violations, in no order, at most about 100. Empty if the document is valid.
  // REQUIRES: ParseStrictJson made the document: its limits protect valijson.
  std::vector<SchemaViolation> Validate(const nlohmann::json& document) const;

 private:
  class Impl;
  const std::unique_ptr<const Impl> impl_;
};

}  // namespace emulator
