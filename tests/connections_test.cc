#include "api/connections.h"

#include "world.h"

using namespace emulator;

TEST_CASE("the page's example is answered byte for byte") {
  TestWorld test;
  const Decision decision = test.Ask(kExamplePath, "reader-token");
  CHECK(decision.response.status == 200);
  CHECK(decision.response.body == Golden("get-export-connection", 200));
  CHECK(HeaderOf(decision.response, "Content-Type") == "application/json");
}

TEST_CASE("an unknown id is 404 for everyone, also for who may read nothing") {
  TestWorld test;
  for (const char* token : {"reader-token", "stranger-token", "owner-token"})
    CHECK(test.Ask("/export/connections/none", token).response.body ==
          Golden("get-export-connection", 404));
}

TEST_CASE("ids that could never be are unknown, not malformed: the page has no 400 and no 422") {
  TestWorld test;
  for (const char* id :
       {"..", "%2e%2e", "%00", "fc226d0d-1647-48d7-8c11-f1f74f2d9808%00", "%ff%fe", "%2F",
        "FC226D0D-1647-48D7-8C11-F1F74F2D9808", "*", "%20", "'%20or%201=1--"}) {
    INFO(id);
    const Decision decision = test.Ask(std::string("/export/connections/") + id, "owner-token");
    CHECK(decision.response.status == 404);
    CHECK(decision.response.body == Golden("get-export-connection", 404));
    CHECK(test.failures.empty());
  }
}

TEST_CASE("who may not read a connection is refused with the page's 403") {
  TestWorld test;
  for (const auto& [id, token] : {std::pair{kExampleId, "stranger-token"},
                                  {std::string("private-connection"), "reader-token"}}) {
    const Decision decision = test.Ask("/export/connections/" + id, token);
    CHECK(decision.response.status == 403);
    CHECK(decision.response.body == Golden("get-export-connection", 403));
    CHECK(decision.gate == Gate::kPermission);
  }
  CHECK(test.Ask("/export/connections/private-connection", "owner-token").response.status == 200);
}

TEST_CASE(
    "a token acts for its client's user when it names none, and for nobody when neither does") {
  TestWorld test(ReadFixture(R"({
    "connections": [{"id": "c"}],
    "users": [{"id": "u", "connections": ["c"]}],
    "clients": [{"id": "with", "tier": "trial", "user": "u"}, {"id": "without", "tier": "trial"}],
    "tokens": [{"token": "t1", "client": "with", "scopes": ["export:read"]},
               {"token": "t2", "client": "without", "scopes": ["export:read"]}]})"));
  CHECK(test.Ask("/export/connections/c", "t1").response.status == 200);
  CHECK(test.Ask("/export/connections/c", "t2").response.status == 403);
}
