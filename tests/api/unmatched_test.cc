#include "api/unmatched.h"

#include "support/world.h"

using namespace emulator;
using namespace emulator::api;

TEST_CASE("a matched route is left to its operation") {
  CHECK_FALSE(AnswerUnmatched({.outcome = http::RouteMatch::Outcome::kFound}));
}

TEST_CASE("405 and OPTIONS list the methods of the path") {
  const auto refused =
      AnswerUnmatched({.outcome = http::RouteMatch::Outcome::kUnknownMethod, .allow = "GET, HEAD"});
  REQUIRE(refused);
  CHECK(refused->response.status == 405);
  CHECK(refused->reason == &reasons::kMethodUnknown);
  CHECK(HeaderOf(refused->response, "Allow") == "GET, HEAD");
  const auto options =
      AnswerUnmatched({.outcome = http::RouteMatch::Outcome::kOptions, .allow = "GET, HEAD"});
  REQUIRE(options);
  CHECK(options->response.status == 204);
  CHECK(options->reason == nullptr);
  CHECK(HeaderOf(options->response, "Allow") == "GET, HEAD");
}

TEST_CASE("a preflight needs Origin and a requested method; its requested headers are echoed") {
  http::Request request{.method = "OPTIONS", .target = "/x", .headers = {{"Origin", "http://a"}}};
  CHECK_FALSE(IsPreflight(request));
  request.headers.Add("Access-Control-Request-Method", "GET");
  CHECK(IsPreflight(request));
  request.headers.Add("Access-Control-Request-Headers", "authorization,x-y");
  const http::Response response = AnswerPreflight(request);
  CHECK(response.status == 204);
  CHECK(response.body.empty());
  CHECK(HeaderOf(response, "Access-Control-Allow-Headers") == "authorization,x-y");
  request.method = "GET";
  CHECK_FALSE(IsPreflight(request));
}
