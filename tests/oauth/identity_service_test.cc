#include "oauth/identity_service.h"

#include "oauth/identity_requests.h"

using namespace emulator;
using namespace emulator::oauth;

TEST_CASE("unknown paths and methods are refused as in the vendor's API") {
  TestEmulator ask;
  CHECK(ask("/connect/nothing").status == 404);
  CHECK(ask("/.well-known/openid-configuration/nothing").status == 404);
  const http::Response response = ask("/connect/token");
  CHECK(response.status == 405);
  CHECK(HeaderOf(response, "Allow") == "POST, OPTIONS");
  CHECK(BodyOf(response)["error"]["code"] == "MethodNotAllowed");
}

TEST_CASE("planned faults apply to the identity service") {
  TestEmulator ask;
  REQUIRE(ask("POST", "/_emulator/faults",
              R"({"match": {"path": "/connect/token"}, "then": {"status": 503}})")
              .status == 201);
  CHECK(ask(TokenForm(kCredentials)).status == 503);
  CHECK(ask("/.well-known/openid-configuration").status == 200);
}

TEST_CASE("the journal has calls for tokens, without their secrets") {
  TestEmulator ask;
  const std::string code = LogIn(ask);
  const nlohmann::json tokens = TokensOf(ask, Exchange(code));
  ask(By(TokenForm({{"grant_type", "client_credentials"}}), "service-app", "service-app-secret"));
  ask(TokenForm(kCredentials));
  http::Request json_body = TokenForm(kCredentials);
  json_body.headers.Set("Content-Type", "application/json");
  ask(json_body);

  const nlohmann::json journal = BodyOf(ask("/_emulator/requests?limit=100"));
  for (const nlohmann::json& entry : journal["requests"]) {
    const std::string id = entry["id"].dump();
    const std::string all =
        ask("/_emulator/requests/" + id).body + ask("/_emulator/requests/" + id + "/why").body;
    for (const std::string& secret :
         {code, kVerifier, tokens["access_token"].get<std::string>(),
          tokens["refresh_token"].get<std::string>(), tokens["id_token"].get<std::string>(),
          std::string("service-app-secret")})
      CHECK_MESSAGE(all.find(secret) == std::string::npos, all);
  }
  const auto kept = ask.worlds.Default()->journal->Read();
  CHECK(kept[1].entry.operation == "token");
  CHECK(kept[1].entry.client == "browser-app");
  CHECK(kept[1].entry.user == "reader");
  CHECK(kept[1].entry.gate == "identity");
  CHECK(kept[1].entry.body.text.find("grant_type=authorization_code") != std::string_view::npos);
  CHECK(kept[1].entry.answer_body.text.find("\"expires_in\":3600") != std::string_view::npos);
}
