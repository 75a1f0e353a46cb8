#include "api/unmatched.h"

namespace emulator::api {

std::optional<HandlerResult> AnswerUnmatched(const http::RouteMatch& match) {
  switch (match.outcome) {
    case http::RouteMatch::Outcome::kFound:
      return std::nullopt;
    case http::RouteMatch::Outcome::kUnknownPath:
      return Deny(reasons::kRouteUnknown);
    case http::RouteMatch::Outcome::kMalformedPath:
      return Deny(reasons::kPathMalformed);
    case http::RouteMatch::Outcome::kUnknownMethod: {
      HandlerResult result = Deny(reasons::kMethodUnknown);
      result.response.headers.Add("Allow", match.allow);
      return result;
    }
    case http::RouteMatch::Outcome::kOptions:
      return HandlerResult{{.status = 204, .headers = {{"Allow", match.allow}}}};
  }
  return std::nullopt;
}

bool IsPreflight(const http::Request& request) {
  return request.method == "OPTIONS" && request.headers.Find("Origin") &&
         request.headers.Find("Access-Control-Request-Method");
}

http::Response AnswerPreflight(const http::Request& request) {
  http::Response response{.status = 204};
  response.headers.Add("Access-Control-Allow-Methods",
                       "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
  // `*` does not cover Authorization (Fetch standard), so the requested names are echoed.
  if (const std::string* requested = request.headers.Find("Access-Control-Request-Headers"))
    response.headers.Add("Access-Control-Allow-Headers", *requested);
  response.headers.Add("Access-Control-Max-Age", "600");
  return response;
}

}  // namespace emulator::api
