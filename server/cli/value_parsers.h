// Typed parsers of setting values. ToX(member) makes a parser that sets `member`, which must
// outlive the parser. An invalid value is a UsageError such as `--port: "http" is not a port: ...`.
// Threads: values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/suggestions.h"
#include "cli/setting.h"
#include "fixtures/rate_limit.h"
#include "world/api_profile.h"

namespace emulator::cli {

// Throws UsageError: `PLACE: "TEXT" is not EXPECTED.HINT`.
[[noreturn]] void RejectValue(const std::string& place, const std::string& text,
                              const std::string& expected, const std::string& hint = "");

// "a, b or c"
std::string Alternatives(const std::vector<std::string>& names);

uint64_t ParseNumber(const std::string& place, const std::string& text, uint64_t least,
                     uint64_t most);
int ParsePort(const std::string& place, const std::string& text);

ValueParser ToSwitch(bool& to);
ValueParser ToText(std::string& to);                   // not empty
ValueParser ToTextList(std::vector<std::string>& to);  // appends; not empty
// The base URL of an emulator, of characters that need no quotes in a shell.
ValueParser ToUrl(std::string& to);

template <typename Number>
ValueParser ToNumber(Number& to, uint64_t least, uint64_t most) {
  return {[&to, least, most](const std::string& place, const std::string& text) {
    to = static_cast<Number>(ParseNumber(place, text, least, most));
  }};
}

template <typename Port>
ValueParser ToPort(Port& to) {
  return {
      [&to](const std::string& place, const std::string& text) { to = ParsePort(place, text); }};
}

// `what`: "a log format".
template <typename Value>
ValueParser ToChoice(Value& to, const std::string& what,
                     const std::vector<std::pair<std::string, Value>>& choices) {
  std::vector<std::string> names;
  for (const auto& choice : choices) names.push_back(choice.first);
  const auto parse = [&to, what, choices, names](const std::string& place,
                                                 const std::string& text) {
    for (const auto& [name, value] : choices)
      if (name == text) {
        to = value;
        return;
      }
    RejectValue(place, text, what + ": " + Alternatives(names), DidYouMean(text, names));
  };
  return {parse, ValueParser::Kind::kSingle, names};
}

ValueParser ToCertificateNames(std::vector<std::string>& to);  // DNS names and IP addresses
// "off" becomes an empty list, CALLS/SECONDS one limit.
ValueParser ToRateLimit(std::optional<std::vector<fixtures::RateLimit>>& to);
ValueParser ToAssumptions(world::ApiProfile& to);
ValueParser ToIssuer(std::string& to);
ValueParser ToControlToken(std::string& to);  // a secret: messages do not contain it
ValueParser ToOperation(std::string& to);
ValueParser ToOperations(std::vector<std::string>& to);
ValueParser ToTokenDefect(std::string& to);

}  // namespace emulator::cli
