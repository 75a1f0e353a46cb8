// The JSON body of a request to the vendor's API, and what is wrong with it, as details of a 422.
//
// [D] Content-Type is not required. [I] Members that are not known are passed over: a client that
// is known sends some. What is known must have its type [U].
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
  // A body that is no JSON object is one wrong value, of the name "request body".
  explicit RequestBody(const std::string& text);

  // Of the member, which must be there; "" and a detail where it is not, or is no text.
  std::string RequiredText(const char* name);
  // "" where it is not there; a detail where it is and is no text.
  std::string Text(const char* name);
  // The same, for one of these alone.
  std::string Choice(const char* name, std::span<const std::string_view> choices);
  // A member that may be left out and has only members of these types, which may, too.
  struct Member {
    const char* name;
    enum Type { kText, kBoolean, kTexts } type;  // kTexts: a list of at least one
  };
  void Object(const char* name, std::span<const Member> members);

  void Refuse(const char* name) { wrong_.push_back(InvalidValue(name)); }
  const std::vector<ErrorDetail>& wrong() const { return wrong_; }

 private:
  bool IsObject() const { return body_.is_object(); }
  // nullptr where it is not there; null counts as not there.
  const nlohmann::json* Find(const char* name) const;

  nlohmann::json body_;
  std::vector<ErrorDetail> wrong_;
};

}  // namespace emulator::api
