#include "oauth/identity_requests.h"

using namespace emulator;
using namespace emulator::oauth;

TEST_CASE("each sandbox is a separate issuer with the same key") {
  TestEmulator ask;
  const auto ask_sandbox = [&](http::Request request) {
    request.target = "/_sandbox/a" + request.target;
    return ask(request);
  };
  http::Request discovery = Get("/.well-known/openid-configuration");
  discovery.headers.Add("Host", "emulator.test");
  const nlohmann::json default_world = BodyOf(ask(discovery)),
                       sandbox = BodyOf(ask_sandbox(discovery));
  CHECK(default_world["issuer"] == "http://emulator.test");
  CHECK(sandbox["issuer"] == "http://emulator.test/_sandbox/a");
  for (const char* member :
       {"authorization_endpoint", "token_endpoint", "revocation_endpoint", "jwks_uri"})
    CHECK(sandbox[member].get<std::string>().starts_with("http://emulator.test/_sandbox/a/"));
  CHECK(ask(Get("/.well-known/openid-configuration/jwks")).body ==
        ask(Get("/_sandbox/a/.well-known/openid-configuration/jwks")).body);

  const std::string token = BodyOf(ask_sandbox(TokenForm(kCredentials)))["access_token"];
  ask.worlds.Sandbox("a")->clock.Freeze(kNoon);
  const std::string of_a = BodyOf(ask_sandbox(TokenForm(kCredentials)))["access_token"];
  CHECK(ReadConnection(ask, of_a, "/_sandbox/a").status == 200);
  CHECK(HeaderOf(ReadConnection(ask, of_a), "X-Emulator-Reason") == "token-wrong-issuer");
  CHECK(HeaderOf(ReadConnection(ask, of_a, "/_sandbox/b"), "X-Emulator-Reason") ==
        "token-wrong-issuer");
}

TEST_CASE("the metadata has all members that OpenID Connect requires") {
  TestEmulator ask;
  const nlohmann::json metadata = BodyOf(ask("/.well-known/openid-configuration"));
  for (const char* member : {"issuer", "authorization_endpoint", "token_endpoint", "jwks_uri",
                             "response_types_supported", "subject_types_supported",
                             "id_token_signing_alg_values_supported"})
    CHECK_MESSAGE(metadata.contains(member), member);
  CHECK(metadata["code_challenge_methods_supported"] == nlohmann::json::array({"S256"}));
  const nlohmann::json keys = BodyOf(ask("/.well-known/openid-configuration/jwks"));
  CHECK(keys["keys"][0]["kid"] == ask.issuer.key().id());
}
