// Reads the JSON body of a request to the vendor's API, and collects its errors as details of a
// 422.
//
// [D] Content-Type is not required. [I] Unknown members are ignored: a known client sends some.
// Known members must have the right type [U].
//
// Threads: values.
#pragma once

#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "api/errors.h"

namespace emulator::api {

class RequestBody {
 public:
  // A body that is not a JSON object is one invalid value with the name "request body".
  explicit RequestBody(const std::string& text);

  // The string in a required member; "" and a detail if it is missing or not a string.
  std::string RequiredText(const char* name);
  // The string in an optional member; "" if it is missing, "" and a detail if it is not a string.
  std::string Text(const char* name);
  // As Text, but only these strings are valid.
  std::string Choice(const char* name, std::span<const std::string_view> choices);
  struct Member {
    const char* name;
    enum Type { kText, kBoolean, kTexts } type;  // kTexts: an array of at least one string
  };
  // Checks the types of the members of an optional object; they are optional, too.
  void Object(const char* name, std::span<const Member> members);

  void Refuse(const char* name) { invalid_.push_back(InvalidValue(name)); }
  const std::vector<ErrorDetail>& invalid() const { return invalid_; }

 private:
  bool IsObject() const { return body_.is_object(); }
  // nullptr: missing, or null, which counts as missing.
  const nlohmann::json* Find(const char* name) const;

  nlohmann::json body_;
  std::vector<ErrorDetail> invalid_;
};

}  // namespace emulator::api
