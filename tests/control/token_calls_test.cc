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

http::Response Order(TestEmulator& ask, const json& order) {
  return ask("POST", "/_emulator/tokens", order.dump());
}
std::string RefusalReason(TestEmulator& ask, const json& token) {
  http::Request request = Get(kExamplePath, token);
  request.headers.Add("Host", "emulator.test");
  const http::Response response = ask(request);
  return response.status == 200 ? "200" : HeaderOf(response, "X-Emulator-Reason");
}

}  // namespace

TEST_CASE("an order without wishes is a token that reads the connection") {
  TestEmulator ask;
  const http::Response response = Order(ask, json::object());
  CHECK(response.status == 201);
  const json made = BodyOf(response);
  CHECK(made["client"] == "premium-app");
  CHECK(made["user"] == "reader");
  CHECK(made["scopes"] == json::array({"itwin-platform"}));
  CHECK(made["name"] == ShortHash(made["token"].get<std::string>()));
  CHECK(RefusalReason(ask, made["token"]) == "200");
}

TEST_CASE("a token is as it was ordered") {
  TestEmulator ask;
  const json made = BodyOf(Order(
      ask, {{"client", "trial-app"}, {"user", "owner"}, {"scopes", {"export:read"}}, {"ttl", 10}}));
  CHECK(RefusalReason(ask, made["token"]) == "200");
  const auto entry = ask.worlds.Default()->journal->Read().back();
  CHECK(entry.entry.client == "trial-app");
  CHECK(entry.entry.user == "owner");
  CHECK(entry.entry.expires == kNoon + 10s);
  ask.worlds.Default()->clock.Freeze(kNoon + 10s);
  CHECK(RefusalReason(ask, made["token"]) == "token-expired");
}

TEST_CASE("the contract lists every defect there is, and each is refused") {
  TestEmulator ask;
  const auto contract = json::parse(embedded::kControlApi);
  CHECK(contract["components"]["schemas"]["TokenOrder"]["properties"]["defect"]["enum"] ==
        json(tokens::CorruptionNames()));
  for (const std::string& name : tokens::CorruptionNames()) {
    INFO(name);
    const json made = BodyOf(Order(ask, {{"defect", name}}));
    CHECK(made["defect"] == name);
    CHECK(RefusalReason(ask, made["token"]) != "200");
  }
}

TEST_CASE("a client or user that is no fixture is refused, with the one that was meant") {
  TestEmulator ask;
  const http::Response client = Order(ask, {{"client", "premium-ap"}});
  CHECK(client.status == 422);
  CHECK(MessageOf(client).find("Did you mean \"premium-app\"?") != std::string::npos);
  const http::Response user = Order(ask, {{"user", "raeder"}});
  CHECK(user.status == 422);
  CHECK(MessageOf(user).find("Did you mean \"reader\"?") != std::string::npos);
  for (const json& order : {json{{"ttl", 0}}, json{{"scopes", {"a b"}}}, json{{"scopes", {""}}},
                            json{{"defect", "none"}}, json{{"scope", "a"}}, json::array()})
    CHECK_MESSAGE(Order(ask, order).status == 422, order.dump());

  TestEmulator empty({}, {}, ReadFixture("{}"));
  CHECK(Order(empty, json::object()).status == 422);
}

TEST_CASE("a sandbox's token is for the sandbox") {
  TestEmulator ask;
  const json made = BodyOf(ask("POST", "/_sandbox/a/_emulator/tokens", "{}"));
  CHECK(RefusalReason(ask, made["token"]) == "token-wrong-issuer");
}
