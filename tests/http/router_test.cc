#include "http/router.h"

#include "support/world.h"

using namespace emulator;
using namespace emulator::http;

namespace {

constexpr Route kRoutes[] = {
    {"GET", "/"},
    {"GET", "/export/connections"},
    {"POST", "/export/connections"},
    {"GET", "/export/connections/{connectionId}"},
    {"DELETE", "/export/connections/{connectionId}"},
    {"GET", "/export/connections/{connectionId}/runs/{runId}"},
};

RouteMatch Find(const std::string& target, const std::string& method = "GET") {
  return Router(kRoutes).Find({.method = method, .target = target});
}

using Routed = RouteMatch::Outcome;

}  // namespace

TEST_CASE("a path is found with its parameters") {
  const auto match = Find("/export/connections/abc/runs/def?x=1");
  REQUIRE(match.outcome == Routed::kFound);
  CHECK(match.row == 5);
  CHECK(match.parameters["connectionId"] == "abc");
  CHECK(match.parameters["runId"] == "def");
  CHECK_THROWS(match.parameters["other"]);
}

TEST_CASE("literals match without case, ids exactly") {
  const auto match = Find("/EXPORT/Connections/aBc");
  REQUIRE(match.outcome == Routed::kFound);
  CHECK(match.parameters["connectionId"] == "aBc");
}

TEST_CASE("ids are percent-decoded once") {
  CHECK(Find("/export/connections/a%2Fb").parameters["connectionId"] == "a/b");
  CHECK(Find("/export/connections/a%252Fb").parameters["connectionId"] == "a%2Fb");
  CHECK(Find("/export/connections/%41%c3%bc").parameters["connectionId"] == "A\xc3\xbc");
  CHECK(Find("/export/connections/a+b").parameters["connectionId"] == "a+b");
  CHECK(Find("/export/connections/%00").parameters["connectionId"] == std::string(1, '\0'));
  CHECK(Find("/export/connections/%ff").parameters["connectionId"] == "\xff");
  CHECK(Find("/%65xport/connections/a").outcome == Routed::kFound);
}

TEST_CASE("a percent sign without two hexadecimal digits is a malformed path") {
  for (const char* target :
       {"/export/connections/%", "/export/connections/%4", "/export/connections/%zz",
        "/export/connections/a%4g", "/%", "/export/connections/%u0041"}) {
    INFO(target);
    CHECK(Find(target).outcome == Routed::kMalformedPath);
  }
  CHECK(Find("/export/connections/a?x=%zz").outcome == Routed::kFound);
}

TEST_CASE("paths are not normalized: dots are an id, and an empty segment matches nothing") {
  CHECK(Find("/export/connections/..").parameters["connectionId"] == "..");
  CHECK(Find("/export/connections/%2e%2e").parameters["connectionId"] == "..");
  for (const char* target :
       {"/export/connections/", "/export//connections/a", "//export/connections/a",
        "/export/connections/a/", "/export/../export/connections/a", "/export", "*", ""}) {
    INFO(target);
    CHECK(Find(target).outcome == Routed::kUnknownPath);
  }
}

TEST_CASE("a known path lists its methods") {
  const auto match = Find("/export/connections/a", "PATCH");
  CHECK(match.outcome == Routed::kUnknownMethod);
  CHECK(match.allow == "GET, HEAD, DELETE, OPTIONS");
  CHECK(Find("/export/connections", "get").outcome == Routed::kUnknownMethod);
  CHECK(Find("/export/connections", "BREW").allow == "GET, HEAD, POST, OPTIONS");
  CHECK(Find("/nothing", "BREW").outcome == Routed::kUnknownPath);
}

TEST_CASE("HEAD finds the route of GET, and OPTIONS finds every path") {
  CHECK(Find("/export/connections/a", "HEAD").row == 3);
  CHECK(Find("/export/connections/a", "OPTIONS").outcome == Routed::kOptions);
  CHECK(Find("/", "HEAD").outcome == Routed::kFound);
  CHECK(Find("/nothing", "OPTIONS").outcome == Routed::kUnknownPath);
}
