#include "api/runs.h"

#include <nlohmann/json.hpp>

#include "support/world.h"

using namespace emulator;
using namespace emulator::api;
using nlohmann::ordered_json;

namespace {

ordered_json Body(TestWorld& test, const std::string& path, const std::string& token) {
  http::Request request = Get("/export/connections/" + path, token);
  request.headers.Add("Host", "emulator.test");
  const RequestRecord record = test.Ask(request);
  REQUIRE(record.response.status == 200);
  return ordered_json::parse(record.response.body);
}

}  // namespace

TEST_CASE("the links of a list of runs work") {
  TestWorld test;
  for (int i = 0; i < 3; ++i)
    test.world.fixtures.Put(
        fixtures::ReadItem(fixtures::kKind<fixtures::Run>, "r" + std::to_string(i),
                           R"({"connectionId": "service-connection", "startDateTime": "2024-01-0)" +
                               std::to_string(i + 1) + R"(T00:00:00Z"})"));
  const ordered_json list = Body(test, "service-connection/runs?$top=2&$skip=1", "reader-token");
  CHECK(list["runs"].size() == 2);
  CHECK(list["runs"][0]["id"] == "r1");
  const std::string url = "http://emulator.test/export/connections/service-connection/runs?";
  CHECK(list["_links"]["self"]["href"] == url + "$skip=1&$top=2");
  CHECK(list["_links"]["prev"]["href"] == url + "$skip=0&$top=2");
  CHECK(list["_links"]["next"]["href"] == url + "$skip=3&$top=2");
}

TEST_CASE("a run is found only under its own connection") {
  TestWorld test;
  const std::string run = "/runs/75d94fca-0b1c-4d2e-9f30-5a6b7c8d9e0f";
  CHECK(Body(test, "service-connection" + run, "reader-token")["run"]["result"] == "Error");
  CHECK(test.Ask(kExamplePath + run, "reader-token").reason == "run-unknown");
  CHECK(test.Ask("/export/connections/none" + run, "reader-token").reason == "connection-unknown");
  CHECK(test.Ask(kExamplePath + run, "stranger-token").reason == "permission-missing");
}

TEST_CASE("paging parameters are validated before the connection is looked up") {
  TestWorld test;
  const RequestRecord record = test.Ask("/export/connections/none/runs?$top=x", "reader-token");
  CHECK(record.reason == "query-invalid");
  CHECK(record.response.status == 422);
}
