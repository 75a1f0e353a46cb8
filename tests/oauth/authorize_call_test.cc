#include "oauth/identity_requests.h"

using namespace emulator;
using namespace emulator::oauth;

TEST_CASE("a user logs in with a code and PKCE, and the client refreshes") {
  TestEmulator ask;
  const http::Response sent = ask(AuthorizeRequest(AuthorizeParameters()));
  CHECK(sent.status == 302);
  CHECK(HeaderOf(sent, "Location").starts_with(kRedirect + "?code="));
  CHECK(Sent(sent, "state") == "a state");

  const nlohmann::json first = TokensOf(ask, Exchange(Sent(sent, "code")));
  CHECK(first["scope"] == "openid offline_access itwin-platform");
  CHECK(ReadConnection(ask, first["access_token"]).status == 200);
  const nlohmann::json id = ClaimsOf(ask, first["id_token"]);
  CHECK(id["iss"] == "http://emulator.test");
  CHECK(id["aud"] == nlohmann::json::array({"browser-app"}));
  CHECK(id["sub"] == "reader");
  CHECK(id["nonce"] == "n-1");
  CHECK(HeaderOf(ReadConnection(ask, first["id_token"]), "X-Emulator-Reason") ==
        "token-wrong-audience");

  const nlohmann::json second = TokensOf(ask, Refresh(first["refresh_token"]));
  CHECK(ReadConnection(ask, second["access_token"]).status == 200);
  CHECK(second["refresh_token"] != first["refresh_token"]);
  CHECK_FALSE(ClaimsOf(ask, second["id_token"]).contains("nonce"));
  // Fewer scopes, once; the log-in keeps them all.
  const nlohmann::json third =
      TokensOf(ask, But(Refresh(second["refresh_token"]), {{"scope", "itwin-platform"}}));
  CHECK(third["scope"] == "itwin-platform");
  CHECK_FALSE(third.contains("id_token"));
  CHECK(TokensOf(ask, Refresh(third["refresh_token"]))["scope"] == first["scope"]);
}

TEST_CASE("a POST to /connect/authorize is answered like a GET") {
  TestEmulator ask;
  const http::Response sent = ask(Posting("/connect/authorize", AuthorizeParameters()));
  CHECK(sent.status == 302);
  CHECK(Sent(sent, "code") != "(none)");
}
