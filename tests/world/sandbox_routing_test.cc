#include "world/sandbox_routing.h"

#include "support/world.h"

using namespace emulator;
using namespace emulator::world;

namespace {

SandboxRoute RouteOf(const std::string& target, const std::vector<std::string>& headers = {}) {
  http::Request request{.method = "GET", .target = target};
  for (const auto& name : headers) request.headers.Add("x-emulator-sandbox", name);
  return ParseSandboxRoute(request);
}

}  // namespace

TEST_CASE("a path without the prefix is for the default world") {
  for (const char* target : {"/", "/export/connections/x?a=b", "/_sandboxes/a", "/x/_sandbox/a"}) {
    const SandboxRoute route = RouteOf(target);
    CHECK(route.error == SandboxRoute::Error::kNone);
    CHECK(route.sandbox.empty());
    CHECK(route.target.empty());
  }
}

TEST_CASE("a prefix before any path selects a sandbox") {
  struct Row {
    const char* target;
    const char* sandbox;
    const char* rest;
  };
  for (const Row& row :
       {Row{"/_sandbox/ci-7/export/connections/x", "ci-7", "/export/connections/x"},
        Row{"/_SANDBOX/A.b_c/_emulator/clock", "A.b_c", "/_emulator/clock"},
        Row{"/_sandbox/a", "a", "/"}, Row{"/_sandbox/a/", "a", "/"},
        Row{"/_sandbox/a?x=/y", "a", "/?x=/y"}, Row{"/_sandbox/a//export", "a", "//export"},
        Row{"/_sandbox/a/_sandbox/b/x", "a", "/_sandbox/b/x"}}) {
    const SandboxRoute route = RouteOf(row.target);
    INFO(row.target);
    CHECK(route.error == SandboxRoute::Error::kNone);
    CHECK(route.sandbox == row.sandbox);
    CHECK(route.target == row.rest);
  }
}

TEST_CASE("the header selects a sandbox") {
  const SandboxRoute route = RouteOf("/export/connections/x", {"a"});
  CHECK(route.sandbox == "a");
  CHECK(route.target.empty());
  CHECK(RouteOf("/_sandbox/a/x", {"a"}).target == "/x");
  CHECK(RouteOf("/_sandbox/a/x", {"a"}).error == SandboxRoute::Error::kNone);
  CHECK(RouteOf("/_sandbox/a/x", {"b"}).error == SandboxRoute::Error::kConflictingNames);
  CHECK(RouteOf("/_sandbox/a/x", {"A"}).error == SandboxRoute::Error::kConflictingNames);
}

TEST_CASE("an invalid name is reported") {
  const std::string long_name(65, 'a');
  for (const std::string& name :
       {std::string(), std::string("a%20b"), std::string("%61"), long_name})
    CHECK(RouteOf("/_sandbox/" + name + "/x").error == SandboxRoute::Error::kInvalidName);
  CHECK(RouteOf("/_sandbox").error == SandboxRoute::Error::kInvalidName);
  CHECK(RouteOf("/_sandbox/" + std::string(64, 'a')).error == SandboxRoute::Error::kNone);
  CHECK(RouteOf("/x", {""}).error == SandboxRoute::Error::kInvalidName);
  CHECK(RouteOf("/x", {"a b"}).error == SandboxRoute::Error::kInvalidName);
  CHECK(RouteOf("/x", {"a", "a"}).error == SandboxRoute::Error::kInvalidName);
}
