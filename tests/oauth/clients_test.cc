#include "oauth/clients.h"

#include "oauth/identity_requests.h"

using namespace emulator;
using namespace emulator::oauth;

TEST_CASE("id and secret are URL-encoded in HTTP Basic") {
  TestEmulator ask({}, {}, ReadFixture(R"({"clients": [
      {"id": "a:b c", "secret": "p%+:ß", "tier": "trial"}]})"));
  CHECK(ask(By(TokenForm({{"grant_type", "client_credentials"}}), "a:b c", "p%+:ß")).status == 200);
  const http::Response refused =
      ask(By(TokenForm({{"grant_type", "client_credentials"}}), "a:b c", "p%+:"));
  CHECK(refused.status == 401);
  CHECK(HeaderOf(refused, "WWW-Authenticate") == "Basic realm=\"token\"");
}

TEST_CASE("an unregistered client gets a token, and the API refuses it") {
  TestEmulator ask({}, {}, ReadFixture(R"({"clients": [
      {"id": "c", "secret": "s", "tier": "trial", "registered": false}]})"));
  const nlohmann::json tokens = TokensOf(
      ask, {{"grant_type", "client_credentials"}, {"client_id", "c"}, {"client_secret", "s"}});
  CHECK(HeaderOf(ReadConnection(ask, tokens["access_token"]), "X-Emulator-Reason") ==
        "client-unknown");
}

TEST_CASE("a client with a secret may omit PKCE and must send its secret") {
  TestEmulator ask({}, {}, ReadFixture(R"({"users": [{"id": "u", "connections": []}], "clients": [
      {"id": "web", "secret": "s", "tier": "trial", "redirectUris": ["https://app.example/cb?x=1"]}]})"));
  const http::Response sent = ask(AuthorizeRequest({{"client_id", "web"},
                                                    {"redirect_uri", "https://app.example/cb?x=1"},
                                                    {"response_type", "code"},
                                                    {"login_hint", "u"}}));
  CHECK(HeaderOf(sent, "Location").starts_with("https://app.example/cb?x=1&code="));
  Parameters exchange{{"grant_type", "authorization_code"},
                      {"code", Sent(sent, "code")},
                      {"redirect_uri", "https://app.example/cb?x=1"},
                      {"client_id", "web"}};
  CHECK(HeaderOf(ask(TokenForm(exchange)), "X-Emulator-Reason") == "oauth-secret-missing");
  exchange.emplace_back("client_secret", "s");
  CHECK(TokensOf(ask, exchange)["scope"] == "itwin-platform");
}
