#include "oauth/identity_requests.h"

using namespace emulator;
using namespace emulator::oauth;

TEST_CASE("client credentials give a token that reads the connection") {
  TestEmulator ask;
  for (const http::Request& request :
       {TokenForm(kCredentials),
        By(TokenForm({{"grant_type", "client_credentials"}, {"scope", "itwin-platform"}}),
           "service-app", "service-app-secret"),
        By(TokenForm({{"grant_type", "client_credentials"},
                      {"client_id", "service-app"},
                      {"scope", "itwin-platform"}}),
           "service-app", "service-app-secret")}) {
    const http::Response response = ask(request);
    REQUIRE_MESSAGE(response.status == 200, response.body);
    CHECK(HeaderOf(response, "Cache-Control") == "no-store");
    const nlohmann::json tokens = BodyOf(response);
    CHECK(tokens["token_type"] == "Bearer");
    CHECK(tokens["expires_in"] == 3600);
    CHECK(tokens["scope"] == "itwin-platform");
    CHECK(tokens.size() == 4);
    CHECK(ReadConnection(ask, tokens["access_token"]).body == Golden("get-export-connection", 200));
  }
}

TEST_CASE("an access token has the claims of the vendor's tokens") {
  TestEmulator ask;
  const nlohmann::json claims = ClaimsOf(ask, TokensOf(ask, kCredentials)["access_token"]);
  CHECK(claims["iss"] == "http://emulator.test");
  CHECK(claims["sub"] == "reader");
  CHECK(claims["client_id"] == "service-app");
  CHECK(claims["scope"] == nlohmann::json::array({"itwin-platform"}));
  CHECK(claims["iat"] == 1795521600);
  CHECK(claims["nbf"] == 1795521600);
  CHECK(claims["exp"] == 1795525200);
  CHECK(claims["jti"].is_string());
  CHECK(claims.size() == 8);
}

TEST_CASE("a second refresh with the same token ends the log-in") {
  TestEmulator ask;
  const nlohmann::json first = TokensOf(ask, Exchange(LogIn(ask)));
  const nlohmann::json second = TokensOf(ask, Refresh(first["refresh_token"]));
  CHECK(ask(TokenForm(Refresh(first["refresh_token"]))).status == 400);
  CHECK(HeaderOf(ask(TokenForm(Refresh(second["refresh_token"]))), "X-Emulator-Reason") ==
        "oauth-refresh-used");
}

TEST_CASE("no refresh token without offline_access, no ID token without openid") {
  TestEmulator ask;
  const nlohmann::json tokens = TokensOf(ask, Exchange(LogIn(ask, {{"scope", "itwin-platform"}})));
  CHECK_FALSE(tokens.contains("refresh_token"));
  CHECK_FALSE(tokens.contains("id_token"));
}
