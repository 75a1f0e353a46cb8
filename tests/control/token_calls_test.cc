#include <nlohmann/json.hpp>

#include "base/digest.h"
#include "control/calls.h"
#include "support/test_emulator.h"
#include "tokens/token_maker.h"

using namespace emulator;
using namespace emulator::control;
using namespace std::chrono_literals;

namespace {

using nlohmann::json;

http::Response RequestToken(TestEmulator& ask, const json& body) {
  return ask("POST", "/_emulator/tokens", body.dump());
}
std::string RefusalReason(TestEmulator& ask, const json& token) {
  http::Request request = Get(kExamplePath, token);
  request.headers.Add("Host", "emulator.test");
  const http::Response response = ask(request);
  return response.status == 200 ? "200" : HeaderOf(response, "X-Emulator-Reason");
}

}  // namespace

TEST_CASE("a token with default properties reads the connection") {
  TestEmulator ask;
  const http::Response response = RequestToken(ask, json::object());
  CHECK(response.status == 201);
  const json issued = BodyOf(response);
  CHECK(issued["client"] == "premium-app");
  CHECK(issued["user"] == "reader");
  CHECK(issued["scopes"] == json::array({"itwin-platform"}));
  CHECK(issued["name"] == ShortHash(issued["token"].get<std::string>()));
  CHECK(RefusalReason(ask, issued["token"]) == "200");
}

TEST_CASE("a token has the properties that were requested") {
  TestEmulator ask;
  const json issued = BodyOf(RequestToken(
      ask, {{"client", "trial-app"}, {"user", "owner"}, {"scopes", {"export:read"}}, {"ttl", 10}}));
  CHECK(RefusalReason(ask, issued["token"]) == "200");
  const auto entry = ask.worlds.Default()->journal->Read().back();
  CHECK(entry.entry.client == "trial-app");
  CHECK(entry.entry.user == "owner");
  CHECK(entry.entry.expires == kNoon + 10s);
  ask.worlds.Default()->clock.Freeze(kNoon + 10s);
  CHECK(RefusalReason(ask, issued["token"]) == "token-expired");
}

TEST_CASE("the schema lists every defect, and a token with any defect is refused") {
  TestEmulator ask;
  const auto contract = json::parse(embedded::kControlApi);
  CHECK(contract["components"]["schemas"]["TokenRequest"]["properties"]["defect"]["enum"] ==
        json(tokens::CorruptionNames()));
  for (const std::string& name : tokens::CorruptionNames()) {
    INFO(name);
    const json issued = BodyOf(RequestToken(ask, {{"defect", name}}));
    CHECK(issued["defect"] == name);
    CHECK(RefusalReason(ask, issued["token"]) != "200");
  }
}

TEST_CASE("an unknown client or user is refused with a suggestion") {
  TestEmulator ask;
  const http::Response client = RequestToken(ask, {{"client", "premium-ap"}});
  CHECK(client.status == 422);
  CHECK(MessageOf(client).find("Did you mean \"premium-app\"?") != std::string::npos);
  const http::Response user = RequestToken(ask, {{"user", "raeder"}});
  CHECK(user.status == 422);
  CHECK(MessageOf(user).find("Did you mean \"reader\"?") != std::string::npos);
  for (const json& body : {json{{"ttl", 0}}, json{{"scopes", {"a b"}}}, json{{"scopes", {""}}},
                           json{{"defect", "none"}}, json{{"scope", "a"}}, json::array()})
    CHECK_MESSAGE(RequestToken(ask, body).status == 422, body.dump());

  TestEmulator empty({}, {}, ReadFixture("{}"));
  CHECK(RequestToken(empty, json::object()).status == 422);
}

TEST_CASE("a token of a sandbox is valid only in that sandbox") {
  TestEmulator ask;
  const json issued = BodyOf(ask("POST", "/_sandbox/a/_emulator/tokens", "{}"));
  CHECK(RefusalReason(ask, issued["token"]) == "token-wrong-issuer");
}
