// Judges a JSON document by a JSON Schema, and says in sentences what is wrong and what would be
// right. valijson finds the places; the schema's descriptions are worded for the sentences: "is 3;
// wanted: a text." A schema is thereby the one place that says what is right.
//
// Of JSON Schema, whatever valijson takes may judge; the sentences know objects, lists, enums,
// "$ref", "if"/"then"/"else" on a required member, and "oneOf": the alternative that is an object
// or a list like the value is entered, else its own description says what is wanted. "writeOnly"
// marks a secret: its value is not shown.
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
  bool is_unknown_member = false;  // all that is wrong with it
};
// The sentence about a place: "PLACE is 3; ..." or, where it has no verb of its own, "PLACE:
// unknown member ...".
std::string Sentence(const std::string& place, const std::string& defect);

class JsonSchema {
 public:
  // `schema`: its text, itself JSON. `part`: a pointer to the rule for a whole document, such as
  // "/components/schemas/Fault"; empty: the schema itself.
  explicit JsonSchema(std::string_view schema, const std::string& part = "");
  ~JsonSchema();
  JsonSchema(const JsonSchema&) = delete;
  JsonSchema& operator=(const JsonSchema&) = delete;

  // In no order; at most some 100. Empty when the document fits.
  // REQUIRES: a document that ParseStrictJson made, whose bounds guard the judge.
  std::vector<SchemaViolation> Validate(const nlohmann::json& document) const;

 private:
  class Impl;
  const std::unique_ptr<const Impl> impl_;
};

}  // namespace emulator
