#include "world/sandbox_routing.h"

#include "support/world.h"

using namespace emulator;
using namespace emulator::world;

namespace {

SandboxRoute Of(const std::string& target, const std::vector<std::string>& headers = {}) {
  http::Request request{.method = "GET", .target = target};
  for (const auto& name : headers) request.headers.Add("x-emulator-sandbox", name);
  return ParseSandboxRoute(request);
}

}  // namespace

TEST_CASE("a path without a sandbox is for the default World, whole") {
  for (const char* target : {"/", "/export/connections/x?a=b", "/_sandboxes/a", "/x/_sandbox/a"}) {
    const SandboxRoute address = Of(target);
    CHECK(address.defect == SandboxRoute::Defect::kNone);
    CHECK(address.sandbox.empty());
    CHECK(address.target.empty());
  }
}

TEST_CASE("a sandbox is a base URL in front of any path") {
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
    const SandboxRoute address = Of(row.target);
    INFO(row.target);
    CHECK(address.defect == SandboxRoute::Defect::kNone);
    CHECK(address.sandbox == row.sandbox);
    CHECK(address.target == row.rest);
  }
}

TEST_CASE("the header names a sandbox for clients that drop a base URL's path") {
  const SandboxRoute address = Of("/export/connections/x", {"a"});
  CHECK(address.sandbox == "a");
  CHECK(address.target.empty());
  CHECK(Of("/_sandbox/a/x", {"a"}).target == "/x");
  CHECK(Of("/_sandbox/a/x", {"a"}).defect == SandboxRoute::Defect::kNone);
  CHECK(Of("/_sandbox/a/x", {"b"}).defect == SandboxRoute::Defect::kTwoNames);
  CHECK(Of("/_sandbox/a/x", {"A"}).defect == SandboxRoute::Defect::kTwoNames);
}

TEST_CASE("what cannot be a sandbox's name is told so") {
  const std::string long_name(65, 'a');
  for (const std::string& name :
       {std::string(), std::string("a%20b"), std::string("%61"), long_name})
    CHECK(Of("/_sandbox/" + name + "/x").defect == SandboxRoute::Defect::kBadName);
  CHECK(Of("/_sandbox").defect == SandboxRoute::Defect::kBadName);
  CHECK(Of("/_sandbox/" + std::string(64, 'a')).defect == SandboxRoute::Defect::kNone);
  CHECK(Of("/x", {""}).defect == SandboxRoute::Defect::kBadName);
  CHECK(Of("/x", {"a b"}).defect == SandboxRoute::Defect::kBadName);
  CHECK(Of("/x", {"a", "a"}).defect == SandboxRoute::Defect::kBadName);
}

TEST_CASE("links begin with what the client called us, and keep the sandbox") {
  http::Request request = Get("/");
  CHECK(BaseUrl("", request, "") == "http://localhost");
  request.headers.Add("Host", "emulator:9000");
  CHECK(BaseUrl("", request, "") == "http://emulator:9000");
  CHECK(BaseUrl("", request, "a") == "http://emulator:9000/_sandbox/a");
  CHECK(BaseUrl("https://api.example/base/", request, "a") ==
        "https://api.example/base/_sandbox/a");
  request.secure = true;
  CHECK(BaseUrl("", request, "a") == "https://emulator:9000/_sandbox/a");
  CHECK(BaseUrl("http://api.example", request, "") == "http://api.example");
}
