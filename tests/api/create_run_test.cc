#include "api/create_run.h"

#include <atomic>
#include <nlohmann/json.hpp>
#include <thread>

#include "support/world.h"

using namespace emulator;
using namespace emulator::api;
using namespace std::chrono_literals;
using nlohmann::json;

namespace {

const std::string kIfc = R"({"exportType": "IFC"})";

http::Request Starting(const std::string& connection, const std::string& body = kIfc,
                       const std::string& token = "writer-token") {
  http::Request request = Post("/export/connections/" + connection + "/runs", body, token);
  request.headers.Add("Host", "emulator.test");
  return request;
}

std::string TargetsOf(const RequestRecord& record) {
  REQUIRE(record.response.status == 422);
  const json body = json::parse(record.response.body);
  std::string told;
  for (const json& detail : body["error"]["details"]) told += detail.value("target", "-") + " ";
  return told;
}

// What a run of that connection shows when it is over.
json Ended(TestWorld& test, const std::string& connection) {
  const RequestRecord begun = test.Ask(Starting(connection));
  REQUIRE(begun.response.status == 202);
  test.world.clock.Advance(1h);
  const std::string url = HeaderOf(begun.response, "Location");
  const RequestRecord read =
      test.Ask(url.substr(std::string("http://emulator.test").size()), "writer-token");
  return json::parse(read.response.body)["run"];
}

}  // namespace

TEST_CASE("a created run is answered without a body, and its connection links to it") {
  TestWorld test;
  const RequestRecord begun = test.Ask(Starting("service-connection"));
  CHECK(begun.response.status == 202);
  CHECK(begun.response.body.empty());
  CHECK(HeaderOf(begun.response, "Content-Type") == "(none)");
  const std::string url = HeaderOf(begun.response, "Location");
  CHECK(url.starts_with("http://emulator.test/export/connections/service-connection/runs/"));
  const RequestRecord read = test.Ask("/export/connections/service-connection", "reader-token");
  CHECK(json::parse(read.response.body)["connection"]["_links"]["lastRun"]["href"] == url);
}

TEST_CASE("a 303 points to an unfinished run; after its end a new run starts") {
  TestWorld test;
  const std::string first = HeaderOf(test.Ask(Starting("service-connection")).response, "Location");
  test.world.clock.Advance(9999ms);
  const RequestRecord second = test.Ask(Starting("service-connection"));
  CHECK(second.response.status == 303);
  CHECK(second.response.body.empty());
  CHECK(HeaderOf(second.response, "Location") == first);
  test.world.clock.Advance(1ms);
  const RequestRecord third = test.Ask(Starting("service-connection"));
  CHECK(third.response.status == 202);
  CHECK(HeaderOf(third.response, "Location") != first);
}

TEST_CASE(
    "a request is refused if another one started a run meanwhile, or within the plan's time") {
  TestWorld test;
  http::Request early = Starting("service-connection");
  early.arrived = RealNow();
  CHECK(test.Ask(Starting("service-connection")).response.status == 202);
  CHECK(test.Ask(early).reason == "run-simultaneous");
  http::Request late = Starting("service-connection");
  late.arrived = RealNow() + 1h;
  CHECK(test.Ask(late).response.status == 303);

  test.world.fixtures.Put(fixtures::ReadItem(fixtures::kKind<fixtures::RunPlan>,
                                             "never-run-connection",
                                             R"({"simultaneousSeconds": 2, "seconds": 60})"));
  CHECK(test.Ask(Starting("never-run-connection")).response.status == 202);
  test.world.clock.Advance(1999ms);
  CHECK(test.Ask(Starting("never-run-connection")).response.status == 409);
  test.world.clock.Advance(1ms);
  CHECK(test.Ask(Starting("never-run-connection")).response.status == 303);
}

TEST_CASE("values of the pages are accepted; details name each invalid value") {
  TestWorld test;
  const auto told = [&](const std::string& body) {
    return TargetsOf(test.Ask(Starting("service-connection", body)));
  };
  CHECK(told("{}") == "exportType ");
  CHECK(told(R"({"exportType": "ifc"})") == "exportType ");
  CHECK(told(R"({"exportType": 1})") == "exportType ");
  CHECK(told(R"({"exportType": "IFC", "ifcVersion": "IFC5"})") == "ifcVersion ");
  CHECK(told(R"({"exportType": "IFC", "inputOptions": {"modelIds": []}, "outputOptions": 1})") ==
        "inputOptions.modelIds outputOptions ");
  CHECK(told("") == "- ");
  const RequestRecord whole = test.Ask(Starting("service-connection", R"({
    "exportType": "IFC", "ifcVersion": "IFC2x3 CV 2.0",
    "inputOptions": {"mappingFileId": "m", "changesetId": "c", "savedViewId": "s",
                     "mappingfileBlobUrl": "https://example.com", "modelIds": ["0x1"]},
    "outputOptions": {"location": "USER_BLOB_STORAGE", "outputSasUrl": "https://abc.com",
                      "logsSasUrl": "https://abc.com", "folderId": "f", "saveLogs": true},
    "description": "unknown"})"));
  CHECK(whole.response.status == 202);
}

TEST_CASE("LandXML is accepted as on the older pages, and refused as on the newer ones") {
  TestWorld test;
  const http::Request land_xml =
      Starting("service-connection", R"({"exportType": "LandXML"})", "platform-token");
  CHECK(test.Ask(land_xml).response.status == 202);
  test.world.profile = world::ApiProfile{.edition = world::Edition::kCurrent};
  CHECK(TargetsOf(test.Ask(land_xml)) == "exportType ");
}

TEST_CASE("a connection's own run plan wins over its name, which wins over the plan for all") {
  TestWorld test(ReadFixture(R"({
    "connections": [{"id": "plain"}, {"id": "named", "displayName": "a outcome=TimedOut b"},
                    {"id": "planned", "displayName": "outcome=TimedOut"},
                    {"id": "misnamed", "displayName": "outcome=Eror"}],
    "users": [{"id": "u", "connections": ["*"]}],
    "clients": [{"id": "a", "tier": "custom", "user": "u"}],
    "tokens": [{"token": "writer-token", "client": "a", "scopes": ["itwin-platform"]}],
    "runPlans": [{"connectionId": "planned", "outcome": "Error", "error": {"errorCode": "X"}}]})"));
  CHECK(Ended(test, "plain")["result"] == "Success");
  CHECK(Ended(test, "named")["result"] == "TimedOut");
  CHECK(Ended(test, "misnamed")["result"] == "Success");
  const json planned = Ended(test, "planned");
  CHECK(planned["result"] == "Error");
  CHECK(planned["jobs"][0]["tasks"][0]["error"]["errorCode"] == "X");
  CHECK(planned["jobs"][0]["tasks"][0]["error"]["bridgeExitCode"] == -7002);
  test.world.fixtures.Put(
      fixtures::ReadItem(fixtures::kKind<fixtures::RunPlan>, "*",
                         R"({"outcome": "Cancelled", "queuedSeconds": 0, "seconds": 2})"));
  CHECK(Ended(test, "plain")["result"] == "Cancelled");
  const json named = Ended(test, "named");
  CHECK(named["result"] == "TimedOut");
  CHECK(named["startDateTime"] != named["endDateTime"]);
}

TEST_CASE("a user who has not authorized the vendor starts no run of a User connection") {
  TestWorld test;
  CHECK(test.Ask(Starting(kExampleId, kIfc, "newcomer-token")).reason == "user-not-authorized");
  CHECK(test.Ask(Starting("service-connection", kIfc, "newcomer-token")).response.status == 202);
  CHECK(test.Ask(Starting("private-connection")).reason == "permission-missing");
  CHECK(test.Ask(Starting("none")).reason == "connection-unknown");
}

TEST_CASE("a world that shares its seed has its own runs") {
  const std::shared_ptr<const fixtures::FixtureStore> seed =
      std::make_shared<fixtures::FixtureStore>(DefaultFixtures());
  TestWorld test;
  world::World one(seed, {},
                   journal::JournalRegistry::Open(std::make_shared<journal::JournalRegistry>(0)),
                   "one");
  world::World other(seed, {},
                     journal::JournalRegistry::Open(std::make_shared<journal::JournalRegistry>(0)),
                     "other");
  const auto start = [&](world::World& world) {
    return test.service.Answer(Starting("service-connection"), world).response;
  };
  const http::Response begun = start(one);
  CHECK(begun.status == 202);
  CHECK(HeaderOf(begun, "Location").starts_with("http://emulator.test/_sandbox/one/export/"));
  CHECK(start(other).status == 202);
}

TEST_CASE("concurrency: one of many simultaneous requests starts a run") {
  TestWorld test;
  std::vector<std::thread> threads;
  std::atomic<int> begun{0}, others{0};
  for (int t = 0; t < 8; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < 10; ++i) {
        http::Request request = Starting("service-connection");
        request.arrived = RealNow();
        const int status = test.service.Answer(request, test.world).response.status;
        begun += status == 202;
        others += status == 303 || status == 409;
      }
    });
  for (auto& thread : threads) thread.join();
  CHECK(begun == 1);
  CHECK(others == 79);
}
