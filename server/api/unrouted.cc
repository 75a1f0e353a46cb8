#include "api/unrouted.h"

namespace emulator {

std::optional<Outcome> AnswerUnrouted(const RouteMatch& match) {
  switch (match.outcome) {
    case RouteMatch::Outcome::kFound:
      return std::nullopt;
    case RouteMatch::Outcome::kUnknownPath:
      return RefuseFor(causes::kRouteUnknown);
    case RouteMatch::Outcome::kMalformedPath:
      return RefuseFor(causes::kPathMalformed);
    case RouteMatch::Outcome::kUnknownMethod: {
      Outcome outcome = RefuseFor(causes::kMethodUnknown);
      outcome.response.headers.Add("Allow", match.allow);
      return outcome;
    }
    case RouteMatch::Outcome::kOptions:
      return Outcome{{.status = 204, .headers = {{"Allow", match.allow}}}};
  }
  return std::nullopt;
}

bool IsPreflight(const Request& request) {
  return request.method == "OPTIONS" && request.headers.Find("Origin") &&
         request.headers.Find("Access-Control-Request-Method");
}

Response AnswerPreflight(const Request& request) {
  Response response{.status = 204};
  response.headers.Add("Access-Control-Allow-Methods",
                       "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
  // A star would not cover Authorization (Fetch standard): what was asked for is echoed.
  if (const std::string* wanted = request.headers.Find("Access-Control-Request-Headers"))
    response.headers.Add("Access-Control-Allow-Headers", *wanted);
  response.headers.Add("Access-Control-Max-Age", "600");
  return response;
}

}  // namespace emulator
