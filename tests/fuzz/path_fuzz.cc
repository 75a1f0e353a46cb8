// Fuzzes a method and a target ("METHOD TARGET") with a route table like the emulator's own.

#include "base/text.h"
#include "fuzz.h"
#include "http/router.h"

namespace emulator {
namespace {

using Outcome = http::RouteMatch::Outcome;

constexpr http::Route kRoutes[] = {
    {"GET", "/"},
    {"GET", "/export/connections"},
    {"POST", "/export/connections"},
    {"GET", "/export/connections/{connectionId}"},
    {"DELETE", "/export/connections/{connectionId}"},
    {"GET", "/export/connections/{connectionId}/runs/{runId}"},
    {"GET", "/_emulator/livez"},
};

http::RouteMatch Find(const std::string& method, const std::string& target) {
  static const http::Router router(kRoutes);
  return router.Find({.method = method, .target = target});
}

// Every byte as %XX.
std::string Encoded(std::string_view text) {
  static const char* const kDigits = "0123456789aBcDeF";
  std::string encoded;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    encoded += {'%', kDigits[byte / 16], kDigits[byte % 16]};
  }
  return encoded;
}

std::vector<std::string> ParameterNames(std::string_view path) {
  std::vector<std::string> names;
  for (size_t at = path.find('{'); at != std::string_view::npos; at = path.find('{', at + 1))
    names.emplace_back(path.substr(at + 1, path.find('}', at) - at - 1));
  return names;
}

// The path of a row with the parameters that were found.
std::string Filled(std::string path, const http::PathParameters& parameters) {
  for (const std::string& name : ParameterNames(path)) {
    const size_t at = path.find("{" + name + "}");
    path.replace(at, name.size() + 2, Encoded(parameters[name]));
  }
  return path;
}

void RequireSame(const http::RouteMatch& a, const http::RouteMatch& b, std::string_view property,
                 const std::string& target) {
  Require(a.outcome == b.outcome && a.row == b.row && a.allow == b.allow, property, target);
  if (a.outcome != Outcome::kFound) return;
  for (const std::string& name : ParameterNames(kRoutes[a.row].path))
    Require(a.parameters[name] == b.parameters[name], property, target);
}

void Check(const std::string& method, const std::string& target) {
  const http::RouteMatch match = Find(method, target);
  const std::string path = target.substr(0, target.find('?'));
  RequireSame(match, Find(method, path + "?a=%zz/b"), "a query does not change the route", target);
  if (method == "HEAD")
    RequireSame(match, Find("GET", target), "HEAD has the route of GET", target);

  switch (match.outcome) {
    case Outcome::kFound: {
      Require(match.row < std::size(kRoutes), "the row is in the table", target);
      for (const std::string& name : ParameterNames(kRoutes[match.row].path))
        Require(!match.parameters[name].empty(), "no parameter is empty", target);
      const std::string rebuilt = Filled(std::string(kRoutes[match.row].path), match.parameters);
      RequireSame(match, Find(method, rebuilt),
                  "a path built from the parameters has the same route", rebuilt);
      break;
    }
    case Outcome::kOptions:
      Require(method == "OPTIONS" && !match.allow.empty(), "OPTIONS lists methods", target);
      break;
    case Outcome::kUnknownMethod:
      Require(!match.allow.empty(), "405 lists methods", target);
      Require(Find("OPTIONS", target).allow == match.allow, "OPTIONS lists the same methods as 405",
              target);
      break;
    case Outcome::kUnknownPath:
      Require(match.allow.empty() && Find("OPTIONS", target).outcome == match.outcome,
              "an unknown path is unknown for every method", target);
      break;
    case Outcome::kMalformedPath:
      Require(!PercentDecode(path).has_value(), "only a wrong percent sign is malformed", target);
      break;
  }
}

}  // namespace
}  // namespace emulator

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace emulator;
  const std::string text(Bytes(data, size));
  Require(PercentDecode(Encoded(text)) == text, "percent-encoding is reversible", text);
  const size_t space = text.find(' ');
  if (space == std::string::npos) return 0;
  Check(text.substr(0, space), text.substr(space + 1));
  return 0;
}
