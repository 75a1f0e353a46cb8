#include "api/authorization_information.h"

#include "support/world.h"

using namespace emulator;
using namespace emulator::api;

namespace {

RequestRecord Ask(TestWorld& test, const std::string& query,
                  const std::string& token = "newcomer-token") {
  return test.Ask("/export/authorizationinformation" + query, token);
}

}  // namespace

TEST_CASE(
    "the answer for a user who has not authorized the vendor is the page's example, byte for "
    "byte") {
  TestWorld test;
  const std::string golden = Golden("get-authorization-information", 200);
  CHECK(Ask(test, "?redirectUrl=https://myUrl.com").response.body == golden);
  CHECK(Ask(test, "?redirecturl=https%3A%2F%2FmyUrl.com").response.body == golden);
  CHECK(Ask(test, "?redirectUrl=https://myUrl.com", "reader-token")
            .response.body.find("\"isUserAuthorized\":true") != std::string::npos);
}

TEST_CASE("an invalid URL is refused with the page's 422, byte for byte") {
  TestWorld test;
  for (const char* query :
       {"", "?redirectUrl", "?redirectUrl=", "?redirectUrl=myUrl.com", "?redirectUrl=https://",
        "?redirectUrl=https:///x", "?redirectUrl=ftp://a", "?redirectUrl=https://a%20b",
        "?redirectUrl=https://a&redirectUrl=https://a", "?redirectUrl=https://a%0d%0aX:%20y",
        "?redirectUrl=https://%ff", "?redirectUrl=javascript:alert(1)"}) {
    INFO(query);
    const RequestRecord record = Ask(test, query);
    CHECK(record.response.status == 422);
    CHECK(record.response.body == Golden("get-authorization-information", 422));
  }
}

TEST_CASE("a token without a user, or with an unknown user, is refused") {
  TestWorld test(ReadFixture(R"({"clients": [{"id": "a", "tier": "trial"}],
    "tokens": [{"token": "t", "client": "a", "scopes": ["itwin-platform"]}]})"));
  CHECK(Ask(test, "?redirectUrl=https://a", "t").reason == "user-missing");
}
