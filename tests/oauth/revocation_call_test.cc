#include "oauth/identity_requests.h"

using namespace emulator;
using namespace emulator::oauth;

TEST_CASE("a revoked token is refused; revoking an unknown token succeeds") {
  TestEmulator ask;
  const auto revoke = [&](const std::string& token) {
    const http::Response response =
        ask(Posting("/connect/revocation", {{"token", token}, {"client_id", "browser-app"}}));
    CHECK(response.status == 200);
    CHECK(response.body.empty());
  };
  const nlohmann::json tokens = TokensOf(ask, Exchange(LogIn(ask)));
  revoke(tokens["access_token"]);
  CHECK(HeaderOf(ReadConnection(ask, tokens["access_token"]), "X-Emulator-Reason") ==
        "token-revoked");
  revoke(tokens["refresh_token"]);
  CHECK(HeaderOf(ask(TokenForm(Refresh(tokens["refresh_token"]))), "X-Emulator-Reason") ==
        "oauth-refresh-used");
  revoke("unknown");
  revoke(tokens["access_token"]);
  ask("POST", "/_emulator/reset", "");
  ask.worlds.Default()->clock.Freeze(kNoon);
  CHECK(ReadConnection(ask, tokens["access_token"]).status == 200);
}
