#include "api/connections.h"

#include "base/text.h"
#include "support/world.h"

using namespace emulator;
using namespace emulator::api;

TEST_CASE("the answer is the page's example, byte for byte") {
  TestWorld test;
  const RequestRecord record = test.Ask(kExamplePath, "reader-token");
  CHECK(record.response.status == 200);
  CHECK(record.response.body == Golden("get-export-connection", 200));
  CHECK(HeaderOf(record.response, "Content-Type") == "application/json");
}

TEST_CASE("an unknown id is 404 for every user, even for one who may read nothing") {
  TestWorld test;
  for (const char* token : {"reader-token", "stranger-token", "owner-token"})
    CHECK(test.Ask("/export/connections/none", token).response.body ==
          Golden("get-export-connection", 404));
}

TEST_CASE("impossible ids are unknown, not malformed: the page has no 400 and no 422") {
  TestWorld test;
  for (const char* id :
       {"..", "%2e%2e", "%00", "fc226d0d-1647-48d7-8c11-f1f74f2d9808%00", "%ff%fe", "%2F",
        "FC226D0D-1647-48D7-8C11-F1F74F2D9808", "*", "%20", "'%20or%201=1--"}) {
    INFO(id);
    const RequestRecord record = test.Ask(std::string("/export/connections/") + id, "owner-token");
    CHECK(record.response.status == 404);
    CHECK(record.response.body == Golden("get-export-connection", 404));
    CHECK(test.failures.empty());
  }
}

TEST_CASE("a user who may not read a connection gets the page's 403") {
  TestWorld test;
  for (const auto& [id, token] : {std::pair{kExampleId, "stranger-token"},
                                  {std::string("private-connection"), "reader-token"}}) {
    const RequestRecord record = test.Ask("/export/connections/" + id, token);
    CHECK(record.response.status == 403);
    CHECK(record.response.body == Golden("get-export-connection", 403));
    CHECK(record.gate == Gate::kPermission);
  }
  CHECK(test.Ask("/export/connections/private-connection", "owner-token").response.status == 200);
}

TEST_CASE("a token without a user has its client's user, if the client has one") {
  TestWorld test(ReadFixture(R"({
    "connections": [{"id": "c"}],
    "users": [{"id": "u", "connections": ["c"]}],
    "clients": [{"id": "with", "tier": "trial", "user": "u"}, {"id": "without", "tier": "trial"}],
    "tokens": [{"token": "t1", "client": "with", "scopes": ["export:read"]},
               {"token": "t2", "client": "without", "scopes": ["export:read"]}]})"));
  CHECK(test.Ask("/export/connections/c", "t1").response.status == 200);
  CHECK(test.Ask("/export/connections/c", "t2").response.status == 403);
}

namespace {

std::string Join(TestWorld& test, const std::string& query, const std::string& token) {
  const RequestRecord record = test.Ask("/export/connections?" + query, token);
  return record.reason.empty() ? std::to_string(record.response.status)
                               : std::string(record.reason);
}

}  // namespace

TEST_CASE("a list has the connections that the user may read; an empty one is 403 or 404") {
  TestWorld test;
  const std::string i_model = "imodelId=e4f5a6b7-c8d9-4012-8345-6789abcdef01";
  CHECK(Join(test, i_model, "owner-token") == "200");
  CHECK(Join(test, i_model, "reader-token") == "permission-missing");
  CHECK(Join(test, "imodelId=none", "owner-token") == "imodel-unknown");
  CHECK(Join(test, "", "owner-token") == "query-invalid");
  CHECK(Join(test, "imodelId=", "owner-token") == "query-invalid");
  CHECK(Join(test, i_model + "&$top=0", "owner-token") == "query-invalid");
}

TEST_CASE("a user who may read a connection deletes it with its runs, if none is active") {
  TestWorld test;
  const auto remove = [&](const std::string& id) {
    const RequestRecord record = test.Ask(Delete("/export/connections/" + id));
    return record.reason.empty() ? std::to_string(record.response.status)
                                 : std::string(record.reason);
  };
  CHECK(remove("running-connection") == "connection-in-use");
  CHECK(remove("private-connection") == "permission-missing");
  CHECK(remove("no-such") == "connection-unknown");
  CHECK(remove("a%2Fb") == "connection-id-invalid");
  CHECK(remove("service-connection") == "204");
  CHECK(remove("service-connection") == "connection-unknown");
  CHECK(test.Ask("/export/connections/service-connection/runs", "reader-token").reason ==
        "connection-unknown");
}

TEST_CASE("the current edition requires its scope and has the 429 of its pages") {
  TestWorld test;
  test.world.profile = world::ApiProfile{.edition = world::Edition::kCurrent};
  CHECK(test.Ask(kExamplePath, "reader-token").reason == "scope-missing");
  CHECK(test.Ask(kExamplePath, "platform-token").response.body ==
        Golden("get-export-connection", 200));
  test.world.limiter.Set("premium-app",
                         std::vector<fixtures::RateLimit>{{0, std::chrono::seconds(60)}});
  const RequestRecord limited = test.Ask(kExamplePath, "platform-token");
  CHECK(limited.response.body == Golden("current/get-export-connection", 429));
  CHECK(HeaderOf(limited.response, "retry-after") == "60");
  CHECK(test.Ask("/export/authorizationinformation?redirectUrl=https://a", "platform-token")
            .response.body == Golden("current/get-authorization-information", 429));
  test.world.profile =
      world::ApiProfile{.edition = world::Edition::kCurrent, .no_retry_after = true};
  CHECK(HeaderOf(test.Ask(kExamplePath, "platform-token").response, "retry-after") == "(none)");
}
