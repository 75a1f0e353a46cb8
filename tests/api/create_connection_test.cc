#include "api/create_connection.h"

#include <atomic>

#include <nlohmann/json.hpp>
#include <thread>

#include "support/world.h"

using namespace emulator;
using namespace emulator::api;
using nlohmann::json;

namespace {

const std::string kIModel = "7dbd531d-6967-47b2-8945-a722a437ad7a";

RequestRecord Create(TestWorld& test, const std::string& body,
                     const std::string& token = "writer-token") {
  http::Request request = Post("/export/connections", body, token);
  request.headers.Add("Host", "emulator.test");
  return test.Ask(request);
}

// Codes and targets of the details of a 422.
std::string DetailsOf(const RequestRecord& record) {
  REQUIRE(record.response.status == 422);
  const json body = json::parse(record.response.body);
  std::string told;
  for (const json& detail : body["error"]["details"])
    told += detail["code"].get<std::string>() + " " + detail.value("target", "-") + "; ";
  return told;
}

}  // namespace

TEST_CASE("a created connection has the form of the page's example, and its creator may read it") {
  TestWorld test;
  const RequestRecord record = Create(
      test, R"({"displayName":"30","iModelId":")" + kIModel + R"(","authenticationType":"User"})");
  CHECK(record.response.status == 201);
  CHECK(HeaderOf(record.response, "Location") == "(none)");
  const json connection = json::parse(record.response.body)["connection"];
  CHECK(connection["displayName"] == "30");
  CHECK(connection["iModelId"] == kIModel);
  CHECK(connection["iTwinId"] == kIModel);  // as the other connection of that iModel has it
  CHECK(connection["authenticationType"] == "User");
  CHECK(connection["_links"]["iModel"]["href"] == "http://emulator.test/imodels/" + kIModel);
  CHECK_FALSE(connection["_links"].contains("lastRun"));
  const std::string id = connection["id"];
  CHECK(id.size() == 43);
  CHECK(id.starts_with("HVO9fWdpskeJRacipDete"));
  const RequestRecord read = test.Ask("/export/connections/" + id, "reader-token");
  CHECK(json::parse(read.response.body)["connection"] == connection);
  CHECK(test.Ask("/export/connections/" + id, "stranger-token").response.status == 403);
}

TEST_CASE("missing members have defaults; unknown members are ignored") {
  TestWorld test;
  const std::string other = "11111111-2222-3333-4444-555555555555";
  const auto made = [&](const std::string& body) {
    return json::parse(Create(test, body).response.body)["connection"];
  };
  const json least = made(R"({"iModelId": ")" + other + R"(", "projectId": 3})");
  CHECK(least["authenticationType"] == "User");
  CHECK_FALSE(least.contains("displayName"));
  const json again = made(R"({"iModelId": ")" + other + R"(", "authenticationType": "Service"})");
  CHECK(again["iTwinId"] == least["iTwinId"]);
  CHECK(again["id"] != least["id"]);
  CHECK(again["authenticationType"] == "Service");
}

TEST_CASE("details name each invalid member, and no connection is created") {
  TestWorld test;
  const auto before = test.world.fixtures.Read()->CountConnections();
  CHECK(DetailsOf(Create(test, "{}")) == "MissingRequiredProperty iModelId; ");
  CHECK(DetailsOf(Create(test, R"({"iModelId": "x"})")) == "InvalidValue iModelId; ");
  CHECK(DetailsOf(
            Create(test, R"({"iModelId": 1, "displayName": 2, "authenticationType": "user"})")) ==
        "InvalidValue iModelId; InvalidValue displayName; InvalidValue authenticationType; ");
  CHECK(DetailsOf(Create(test, "nonsense")) == "InvalidValue -; ");
  CHECK(test.world.fixtures.Read()->CountConnections() == before);
}

TEST_CASE("a token without a user creates no connection") {
  TestWorld test(ReadFixture(R"({"clients": [{"id": "a", "tier": "trial"}],
    "tokens": [{"token": "t", "client": "a", "scopes": ["itwin-platform"]}]})"));
  CHECK(Create(test, R"({"iModelId": ")" + kIModel + "\"}", "t").reason == "user-missing");
}

TEST_CASE("the same seed gives the same ids in each world") {
  TestWorld one, other;
  const std::string body = R"({"iModelId": ")" + kIModel + "\"}";
  CHECK(Create(one, body).response.body == Create(other, body).response.body);
}

TEST_CASE("an existing id is not used again") {
  TestWorld test;
  const std::string body = R"({"iModelId": ")" + kIModel + "\"}";
  // A World of the same seed would give the ids of this one.
  const std::string first = json::parse(Create(test, body).response.body)["connection"]["id"];
  TestWorld again;
  again.world.fixtures.Put(fixtures::ReadItem(fixtures::kKind<fixtures::Connection>, first, "{}"));
  CHECK(json::parse(Create(again, body).response.body)["connection"]["id"] != first);
}

TEST_CASE("concurrency: simultaneous requests create different connections") {
  TestWorld test;
  std::vector<std::thread> threads;
  std::atomic<int> made{0};
  const auto before = test.world.fixtures.Read()->CountConnections();
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < 20; ++i)
        made += test.service
                    .Answer(Post("/export/connections", R"({"iModelId": ")" + kIModel + "\"}"),
                            test.world)
                    .response.status == 201;
    });
  for (auto& thread : threads) thread.join();
  CHECK(made == 80);
  CHECK(test.world.fixtures.Read()->CountConnections() == before + 80);
}
