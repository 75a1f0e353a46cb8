// The parameters of an OAuth request, in a query or in a body.
// Threads: values.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "api/reasons.h"
#include "http/request.h"

namespace emulator::oauth {

class Form {
 public:
  // nullptr: not sent, or sent without a value, which is the same (RFC 6749 section 3.1).
  const std::string* Find(std::string_view name) const;
  // Empty: not sent, or sent without a value.
  std::string Text(std::string_view name) const;

  // All parameters, to repeat the request.
  const std::map<std::string, std::string, std::less<>>& values() const { return values_; }

 private:
  friend std::variant<Form, const api::Reason*> ReadQueryForm(std::string_view target);
  std::map<std::string, std::string, std::less<>> values_;
};

// Reads the query of a target. Returns the reason if it is malformed.
std::variant<Form, const api::Reason*> ReadQueryForm(std::string_view target);
// Reads the body, whose media type must be application/x-www-form-urlencoded.
std::variant<Form, const api::Reason*> ReadBodyForm(const http::Request& request);

bool HasFormBody(const http::Request& request);

// Appends the parameters to the query of a URI: "URI?name=value&...". Empty values are omitted.
std::string WithQuery(const std::string& uri,
                      const std::vector<std::pair<std::string, std::string>>& parameters);

// Parses a list of scopes, separated by single spaces; drops duplicates. nullopt: malformed.
std::optional<std::vector<std::string>> ReadScopes(std::string_view text);

// The scopes that a request asks for; [I] without the parameter `scope`, the scope of the whole
// platform. nullopt: malformed.
std::optional<std::vector<std::string>> RequestedScopes(const Form& form);

}  // namespace emulator::oauth
