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
  // nullptr: it was not sent, or without a value, which is the same (RFC 6749 section 3.1).
  const std::string* Find(std::string_view name) const;
  // Empty: as above.
  std::string Text(std::string_view name) const;

  // As it was read: for a link that asks for the same once more.
  const std::map<std::string, std::string, std::less<>>& values() const { return values_; }

 private:
  friend std::variant<Form, const api::Reason*> ReadQueryForm(std::string_view target);
  std::map<std::string, std::string, std::less<>> values_;
};

// Or why it is none. Of the query of a target.
std::variant<Form, const api::Reason*> ReadQueryForm(std::string_view target);
// Of a body, which must be of that media type.
std::variant<Form, const api::Reason*> ReadBodyForm(const http::Request& request);

bool HasFormBody(const http::Request& request);

// As a form writes a name or a value.
std::string EncodeForm(std::string_view text);

// "URI?name=value&...", or behind the query that it has.
std::string WithQuery(const std::string& uri,
                      const std::vector<std::pair<std::string, std::string>>& parameters);

// Scopes as they are written in one parameter. nullopt: not so.
std::optional<std::vector<std::string>> ReadScopes(std::string_view text);

// Those that a request asks for; [I] where it asks for none, the one that the whole platform takes.
// nullopt: as above.
std::optional<std::vector<std::string>> RequestedScopes(const Form& form);

}  // namespace emulator::oauth
