#include "oauth/identity_service.h"

#include <nlohmann/json.hpp>
#include <set>

#include "base/base64.h"
#include "base/digest.h"
#include "diagnosis/reason_table.h"
#include "diagnosis/why.h"
#include "http/query.h"
#include "support/test_emulator.h"
#include "tokens/claims.h"

using namespace emulator;
using namespace emulator::oauth;
using namespace std::chrono_literals;

namespace {

using nlohmann::json;
using Parameters = std::vector<std::pair<std::string, std::string>>;

const std::string kVerifier = "a-verifier-of-forty-three-characters-or-more-1";
const std::string kChallenge = Base64UrlEncode(Sha256(kVerifier));
const std::string kRedirect = "http://127.0.0.1:4711/callback";

std::string Encoded(const Parameters& parameters) {
  return WithQuery("", parameters).substr(parameters.empty() ? 0 : 1);
}

http::Request Posting(const std::string& path, const Parameters& parameters) {
  return {
      .method = "POST",
      .target = path,
      .headers = {{"Host", "emulator.test"}, {"Content-Type", "application/x-www-form-urlencoded"}},
      .body = Encoded(parameters)};
}
http::Request TokenForm(const Parameters& parameters) {
  return Posting("/connect/token", parameters);
}
http::Request By(http::Request request, const std::string& id, const std::string& secret) {
  std::string pair = EncodeForm(id) + ":" + EncodeForm(secret), text;
  // What HTTP Basic wants is base64 with padding.
  text = Base64UrlEncode(pair);
  for (char& c : text) c = c == '-' ? '+' : c == '_' ? '/' : c;
  while (text.size() % 4 != 0) text += '=';
  request.headers.Add("Authorization", "Basic " + text);
  return request;
}

const Parameters kCredentials{{"grant_type", "client_credentials"},
                              {"client_id", "service-app"},
                              {"client_secret", "service-app-secret"},
                              {"scope", "itwin-platform"}};

Parameters AuthorizeParameters() {
  return {{"client_id", "browser-app"},   {"redirect_uri", kRedirect},
          {"response_type", "code"},      {"scope", "openid offline_access itwin-platform"},
          {"state", "a state"},           {"nonce", "n-1"},
          {"code_challenge", kChallenge}, {"code_challenge_method", "S256"},
          {"login_hint", "reader"}};
}

// The parameters with others for some; an empty value leaves one out.
Parameters But(Parameters parameters, const Parameters& others) {
  for (const auto& [name, value] : others) {
    const auto found =
        std::find_if(parameters.begin(), parameters.end(),
                     [&, &name = name](const auto& parameter) { return parameter.first == name; });
    if (found == parameters.end())
      parameters.emplace_back(name, value);
    else
      found->second = value;
  }
  return parameters;
}

http::Request AuthorizeRequest(const Parameters& parameters) {
  http::Request request = Get(WithQuery("/connect/authorize", parameters));
  request.headers.Add("Host", "emulator.test");
  return request;
}

// A parameter of the address that an answer redirects to; "(none)" where there is none.
std::string Sent(const http::Response& response, std::string_view name) {
  const std::string location = HeaderOf(response, "Location");
  for (const auto& [known, value] : http::QueryParts(location))
    if (known == name) return http::DecodeForm(value).value();
  return "(none)";
}

std::string LogIn(TestEmulator& ask, const Parameters& others = {}) {
  const http::Response response = ask(AuthorizeRequest(But(AuthorizeParameters(), others)));
  REQUIRE(response.status == 302);
  return Sent(response, "code");
}

Parameters Exchange(const std::string& code) {
  return {{"grant_type", "authorization_code"},
          {"code", code},
          {"redirect_uri", kRedirect},
          {"client_id", "browser-app"},
          {"code_verifier", kVerifier}};
}
Parameters Refresh(const std::string& token) {
  return {{"grant_type", "refresh_token"}, {"refresh_token", token}, {"client_id", "browser-app"}};
}

json TokensOf(TestEmulator& ask, const Parameters& parameters) {
  const http::Response response = ask(TokenForm(parameters));
  REQUIRE_MESSAGE(response.status == 200, response.body);
  return BodyOf(response);
}

json ClaimsOf(TestEmulator& ask, const json& token) {
  const auto opened = ask.issuer.key().Verify(token.get<std::string>());
  REQUIRE(std::holds_alternative<std::string>(opened));
  return json::parse(std::get<std::string>(opened));
}

http::Response ReadConnection(TestEmulator& ask, const std::string& token,
                              const std::string& sandbox = "") {
  http::Request request = Get(sandbox + kExamplePath, token);
  request.headers.Add("Host", "emulator.test");
  return ask(request);
}

// A refusal: its cause, how it is met, its status, its error.
struct FormRow {
  const char* code;
  std::function<http::Response(TestEmulator&)> ask;
  int status;
  const char* error;
};

std::function<http::Response(TestEmulator&)> Asking(const http::Request& request) {
  return [request](TestEmulator& ask) { return ask(request); };
}
std::function<http::Response(TestEmulator&)> Authorizing(const Parameters& others) {
  return Asking(AuthorizeRequest(But(AuthorizeParameters(), others)));
}
std::function<http::Response(TestEmulator&)> Exchanging(const Parameters& others) {
  return [others](TestEmulator& ask) { return ask(TokenForm(But(Exchange(LogIn(ask)), others))); };
}
// A refresh of a log-in, which `change` was done to.
template <typename Change>
std::function<http::Response(TestEmulator&)> Refreshing(Change change) {
  return [change](TestEmulator& ask) {
    const json tokens = TokensOf(ask, Exchange(LogIn(ask)));
    Parameters parameters = Refresh(tokens["refresh_token"]);
    change(ask, parameters);
    return ask(TokenForm(parameters));
  };
}

std::vector<FormRow> FormRows() {
  const auto no_form = [] {
    http::Request request = TokenForm(kCredentials);
    request.headers.Set("Content-Type", "application/json");
    return request;
  };
  const auto malformed = [] {
    http::Request request = TokenForm(kCredentials);
    request.headers.Add("Authorization", "Basic not-base64");
    return request;
  };
  const Parameters public_client{{"client_id", "browser-app"}, {"client_secret", ""}};
  return {
      {"oauth-no-form", Asking(no_form()), 400, "invalid_request"},
      {"oauth-form-malformed", Asking([] {
         http::Request request = TokenForm({});
         request.body = "grant_type=%zz";
         return request;
       }()),
       400, "invalid_request"},
      {"oauth-parameter-repeated",
       Asking(TokenForm({{"grant_type", "client_credentials"}, {"grant_type", "password"}})), 400,
       "invalid_request"},
      {"oauth-parameter-missing", Asking(TokenForm({{"client_id", "browser-app"}})), 400,
       "invalid_request"},
      {"oauth-parameter-missing", Exchanging({{"code", ""}}), 400, "invalid_request"},
      {"oauth-parameter-missing",
       Asking(Posting("/connect/revocation", {{"client_id", "browser-app"}})), 400,
       "invalid_request"},
      {"oauth-grant-type", Asking(TokenForm(But(kCredentials, {{"grant_type", "password"}}))), 400,
       "unsupported_grant_type"},

      {"oauth-client-missing",
       Asking(TokenForm(But(kCredentials, {{"client_id", ""}, {"client_secret", ""}}))), 401,
       "invalid_client"},
      {"oauth-client-twice", Asking(By(TokenForm(kCredentials), "service-app", "x")), 400,
       "invalid_request"},
      {"oauth-basic-malformed", Asking(malformed()), 401, "invalid_client"},
      {"oauth-client-unknown", Asking(TokenForm(But(kCredentials, {{"client_id", "nobody"}}))), 401,
       "invalid_client"},
      {"oauth-secret-missing", Asking(TokenForm(But(kCredentials, {{"client_secret", ""}}))), 401,
       "invalid_client"},
      {"oauth-secret-wrong", Asking(TokenForm(But(kCredentials, {{"client_secret", "wrong"}}))),
       401, "invalid_client"},
      {"oauth-secret-wrong", Asking(TokenForm(But(kCredentials, {{"client_id", "browser-app"}}))),
       401, "invalid_client"},
      {"oauth-client-public", Asking(TokenForm(But(kCredentials, public_client))), 400,
       "unauthorized_client"},

      {"oauth-scope-malformed", Asking(TokenForm(But(kCredentials, {{"scope", "a  b"}}))), 400,
       "invalid_scope"},
      {"oauth-scope-malformed", Asking(TokenForm(But(kCredentials, {{"scope", "a\"b"}}))), 400,
       "invalid_scope"},
      {"oauth-scope-widened",
       Refreshing([](TestEmulator&, Parameters& p) { p.emplace_back("scope", "export:modify"); }),
       400, "invalid_scope"},

      {"oauth-code-unknown", Exchanging({{"code", "another"}}), 400, "invalid_grant"},
      {"oauth-code-used",
       [](TestEmulator& ask) {
         const std::string code = LogIn(ask);
         TokensOf(ask, Exchange(code));
         return ask(TokenForm(Exchange(code)));
       },
       400, "invalid_grant"},
      {"oauth-code-expired",
       [](TestEmulator& ask) {
         const std::string code = LogIn(ask);
         ask.worlds.Default()->clock.Freeze(kNoon + 300s);
         return ask(TokenForm(Exchange(code)));
       },
       400, "invalid_grant"},
      {"oauth-code-of-another", Exchanging({{"client_id", "premium-app"}}), 400, "invalid_grant"},
      {"oauth-redirect-uri-differs", Exchanging({{"redirect_uri", "http://127.0.0.1/callback"}}),
       400, "invalid_grant"},
      {"oauth-verifier-wrong", Exchanging({{"code_verifier", "another"}}), 400, "invalid_grant"},
      {"oauth-parameter-missing", Exchanging({{"code_verifier", ""}}), 400, "invalid_request"},
      {"oauth-parameter-missing", Exchanging({{"redirect_uri", ""}}), 400, "invalid_request"},

      {"oauth-refresh-unknown", Asking(TokenForm(Refresh("another"))), 400, "invalid_grant"},
      {"oauth-refresh-used",
       Refreshing([](TestEmulator& ask, const Parameters& p) { TokensOf(ask, p); }), 400,
       "invalid_grant"},
      {"oauth-refresh-expired", Refreshing([](TestEmulator& ask, const Parameters&) {
         ask.worlds.Default()->clock.Freeze(kNoon + 24h * 30);
       }),
       400, "invalid_grant"},
      {"oauth-refresh-of-another", Refreshing([](TestEmulator&, Parameters& p) {
         p = But(p, {{"client_id", "premium-app"}});
       }),
       400, "invalid_grant"},
      {"oauth-token-of-another",
       Asking(Posting("/connect/revocation",
                      {{"token", "reader-token"}, {"client_id", "browser-app"}})),
       400, "invalid_grant"},

      {"oauth-authorize-client", Authorizing({{"client_id", "nobody"}}), 400, "invalid_request"},
      {"oauth-authorize-client", Authorizing({{"client_id", ""}}), 400, "invalid_request"},
      {"oauth-redirect-uri-unknown", Authorizing({{"redirect_uri", "http://127.0.0.1:1/other"}}),
       400, "invalid_request"},
      {"oauth-redirect-uri-unknown", Authorizing({{"redirect_uri", ""}}), 400, "invalid_request"},
      {"oauth-redirect-uri-unknown",
       Authorizing({{"redirect_uri", "http://127.0.0.1.evil.example/callback"}}), 400,
       "invalid_request"},
      {"oauth-redirect-uri-unknown",
       Authorizing({{"redirect_uri", "http://localhost:3001/signin-callback"}}), 400,
       "invalid_request"},

      {"oauth-request-object", Authorizing({{"request", "eyJ"}}), 302, "request_not_supported"},
      {"oauth-request-uri", Authorizing({{"request_uri", "https://a"}}), 302,
       "request_uri_not_supported"},
      {"oauth-parameter-missing", Authorizing({{"response_type", ""}}), 302, "invalid_request"},
      {"oauth-response-type", Authorizing({{"response_type", "token"}}), 302,
       "unsupported_response_type"},
      {"oauth-response-mode", Authorizing({{"response_mode", "fragment"}}), 302, "invalid_request"},
      {"oauth-scope-malformed", Authorizing({{"scope", "a  b"}}), 302, "invalid_scope"},
      {"oauth-challenge-missing", Authorizing({{"code_challenge", ""}}), 302, "invalid_request"},
      {"oauth-challenge-malformed", Authorizing({{"code_challenge_method", "plain"}}), 302,
       "invalid_request"},
      {"oauth-challenge-malformed", Authorizing({{"code_challenge", "too-short"}}), 302,
       "invalid_request"},
      {"oauth-login-required", Authorizing({{"login_hint", ""}, {"prompt", "none"}}), 302,
       "login_required"},
      {"oauth-user-unknown", Authorizing({{"login_hint", "nobody"}}), 302, "access_denied"},
      {"oauth-user-declined", Authorizing({{"emulator_declined", "true"}}), 302, "access_denied"},
  };
}

}  // namespace

TEST_CASE("each refusal of the identity service has its own cause, and OAuth's own body") {
  std::set<std::string_view> met;
  for (const FormRow& row : FormRows()) {
    INFO(std::string(row.code));
    TestEmulator ask;
    const http::Response response = row.ask(ask);
    CHECK(response.status == row.status);
    CHECK(HeaderOf(response, "X-Emulator-Reason") == row.code);
    CHECK(HeaderOf(response, "Cache-Control") == "no-store");
    std::string description;
    if (row.status == 302) {
      CHECK(Sent(response, "error") == row.error);
      CHECK(Sent(response, "state") == "a state");
      CHECK(Sent(response, "code") == "(none)");
      description = Sent(response, "error_description");
    } else {
      CHECK(HeaderOf(response, "Content-Type") == "application/json");
      CHECK(BodyOf(response)["error"] == row.error);
      CHECK(BodyOf(response).size() == 2);
      description = BodyOf(response)["error_description"];
    }
    // RFC 6749 section 5.2.
    CHECK(description.find_first_of("\"\\") == std::string::npos);
    CHECK(description.ends_with('.'));

    const auto kept = ask.worlds.Default()->journal->Read().back();
    const diagnosis::Why why = diagnosis::Explain(kept.entry);
    REQUIRE(why.reason);
    CHECK(why.reason->code == row.code);
    CHECK(why.steps.size() == 1);
    CHECK(why.steps[0].gate == api::Gate::kOAuth);
    CHECK(why.steps[0].verdict == diagnosis::Step::Verdict::kRefused);
    met.insert(why.reason->code);
    CHECK(ask.failures.empty());
  }
  for (const api::Reason* reason : diagnosis::AllReasons())
    if (reason->gate == api::Gate::kOAuth)
      CHECK_MESSAGE(met.contains(reason->code), "no request here meets " << reason->code);
}

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
    const json tokens = BodyOf(response);
    CHECK(tokens["token_type"] == "Bearer");
    CHECK(tokens["expires_in"] == 3600);
    CHECK(tokens["scope"] == "itwin-platform");
    CHECK(tokens.size() == 4);
    CHECK(ReadConnection(ask, tokens["access_token"]).body == Golden("get-export-connection", 200));
  }
}

TEST_CASE("an access token says what the vendor's are known to say") {
  TestEmulator ask;
  const json claims = ClaimsOf(ask, TokensOf(ask, kCredentials)["access_token"]);
  CHECK(claims["iss"] == "http://emulator.test");
  CHECK(claims["sub"] == "reader");
  CHECK(claims["client_id"] == "service-app");
  CHECK(claims["scope"] == json::array({"itwin-platform"}));
  CHECK(claims["iat"] == 1795521600);
  CHECK(claims["nbf"] == 1795521600);
  CHECK(claims["exp"] == 1795525200);
  CHECK(claims["jti"].is_string());
  CHECK(claims.size() == 8);
}

TEST_CASE("a client's id and secret are URL-encoded in HTTP Basic") {
  TestEmulator ask({}, {}, ReadFixture(R"({"clients": [
      {"id": "a:b c", "secret": "p%+:ß", "tier": "trial"}]})"));
  CHECK(ask(By(TokenForm({{"grant_type", "client_credentials"}}), "a:b c", "p%+:ß")).status == 200);
  const http::Response refused =
      ask(By(TokenForm({{"grant_type", "client_credentials"}}), "a:b c", "p%+:"));
  CHECK(refused.status == 401);
  CHECK(HeaderOf(refused, "WWW-Authenticate") == "Basic realm=\"token\"");
}

TEST_CASE("a client that the vendor does not know gets a token, and is refused with it") {
  TestEmulator ask({}, {}, ReadFixture(R"({"clients": [
      {"id": "c", "secret": "s", "tier": "trial", "registered": false}]})"));
  const json tokens = TokensOf(
      ask, {{"grant_type", "client_credentials"}, {"client_id", "c"}, {"client_secret", "s"}});
  CHECK(HeaderOf(ReadConnection(ask, tokens["access_token"]), "X-Emulator-Reason") ==
        "client-unknown");
}

TEST_CASE("a user logs in with a code and PKCE, and the client refreshes") {
  TestEmulator ask;
  const http::Response sent = ask(AuthorizeRequest(AuthorizeParameters()));
  CHECK(sent.status == 302);
  CHECK(HeaderOf(sent, "Location").starts_with(kRedirect + "?code="));
  CHECK(Sent(sent, "state") == "a state");

  const json first = TokensOf(ask, Exchange(Sent(sent, "code")));
  CHECK(first["scope"] == "openid offline_access itwin-platform");
  CHECK(ReadConnection(ask, first["access_token"]).status == 200);
  const json id = ClaimsOf(ask, first["id_token"]);
  CHECK(id["iss"] == "http://emulator.test");
  CHECK(id["aud"] == json::array({"browser-app"}));
  CHECK(id["sub"] == "reader");
  CHECK(id["nonce"] == "n-1");
  CHECK(HeaderOf(ReadConnection(ask, first["id_token"]), "X-Emulator-Reason") ==
        "token-wrong-audience");

  const json second = TokensOf(ask, Refresh(first["refresh_token"]));
  CHECK(ReadConnection(ask, second["access_token"]).status == 200);
  CHECK(second["refresh_token"] != first["refresh_token"]);
  CHECK_FALSE(ClaimsOf(ask, second["id_token"]).contains("nonce"));
  // Fewer scopes, once; the log-in keeps them all.
  const json third =
      TokensOf(ask, But(Refresh(second["refresh_token"]), {{"scope", "itwin-platform"}}));
  CHECK(third["scope"] == "itwin-platform");
  CHECK_FALSE(third.contains("id_token"));
  CHECK(TokensOf(ask, Refresh(third["refresh_token"]))["scope"] == first["scope"]);
}

TEST_CASE("who refreshes twice with one token loses the log-in") {
  TestEmulator ask;
  const json first = TokensOf(ask, Exchange(LogIn(ask)));
  const json second = TokensOf(ask, Refresh(first["refresh_token"]));
  CHECK(ask(TokenForm(Refresh(first["refresh_token"]))).status == 400);
  CHECK(HeaderOf(ask(TokenForm(Refresh(second["refresh_token"]))), "X-Emulator-Reason") ==
        "oauth-refresh-used");
}

TEST_CASE("without offline_access there is no refresh token, without openid no ID token") {
  TestEmulator ask;
  const json tokens = TokensOf(ask, Exchange(LogIn(ask, {{"scope", "itwin-platform"}})));
  CHECK_FALSE(tokens.contains("refresh_token"));
  CHECK_FALSE(tokens.contains("id_token"));
}

TEST_CASE("a client with a secret may leave PKCE out, and must send its secret") {
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

TEST_CASE("the log-in page lists the users, runs nothing, and escapes what others wrote") {
  TestEmulator ask({}, {}, ReadFixture(R"({"users": [{"id": "<b>&\"u\"", "connections": []}],
      "clients": [{"id": "browser-app", "tier": "trial",
                   "redirectUris": ["http://127.0.0.1/callback"]}]})"));
  const http::Response page =
      ask(AuthorizeRequest(But(AuthorizeParameters(), {{"login_hint", ""}, {"state", "'\"><i>"}})));
  CHECK(page.status == 200);
  CHECK(HeaderOf(page, "Content-Type") == "text/html; charset=utf-8");
  CHECK(HeaderOf(page, "Content-Security-Policy").starts_with("default-src 'none'"));
  CHECK(page.body.find("<b>&\"u\"") == std::string::npos);
  CHECK(page.body.find("value=\"&lt;b&gt;&amp;&quot;u&quot;\"") != std::string::npos);
  CHECK(page.body.find("<i>") == std::string::npos);
  CHECK(page.body.find("action=\"http://emulator.test/connect/authorize\"") != std::string::npos);
}

TEST_CASE("the page's form asks again for the same, and a user's answer comes by it") {
  TestEmulator ask;
  const http::Response sent = ask(Posting("/connect/authorize", AuthorizeParameters()));
  CHECK(sent.status == 302);
  CHECK(Sent(sent, "code") != "(none)");
}

TEST_CASE("a revoked token is refused, and what is unknown is answered like what was revoked") {
  TestEmulator ask;
  const auto revoke = [&](const std::string& token) {
    const http::Response response =
        ask(Posting("/connect/revocation", {{"token", token}, {"client_id", "browser-app"}}));
    CHECK(response.status == 200);
    CHECK(response.body.empty());
  };
  const json tokens = TokensOf(ask, Exchange(LogIn(ask)));
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

TEST_CASE("each sandbox is an issuer of its own, with one key for all") {
  TestEmulator ask;
  const auto ask_sandbox = [&](http::Request request) {
    request.target = "/_sandbox/a" + request.target;
    return ask(request);
  };
  http::Request discovery = Get("/.well-known/openid-configuration");
  discovery.headers.Add("Host", "emulator.test");
  const json here = BodyOf(ask(discovery)), there = BodyOf(ask_sandbox(discovery));
  CHECK(here["issuer"] == "http://emulator.test");
  CHECK(there["issuer"] == "http://emulator.test/_sandbox/a");
  for (const char* member :
       {"authorization_endpoint", "token_endpoint", "revocation_endpoint", "jwks_uri"})
    CHECK(there[member].get<std::string>().starts_with("http://emulator.test/_sandbox/a/"));
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

TEST_CASE("discovery says all that OpenID Connect requires, and what is so") {
  TestEmulator ask;
  const json told = BodyOf(ask("/.well-known/openid-configuration"));
  for (const char* member : {"issuer", "authorization_endpoint", "token_endpoint", "jwks_uri",
                             "response_types_supported", "subject_types_supported",
                             "id_token_signing_alg_values_supported"})
    CHECK_MESSAGE(told.contains(member), member);
  CHECK(told["code_challenge_methods_supported"] == json::array({"S256"}));
  const json keys = BodyOf(ask("/.well-known/openid-configuration/jwks"));
  CHECK(keys["keys"][0]["kid"] == ask.issuer.key().id());
}

TEST_CASE("paths of the identity service that do not exist, and methods, are refused as others") {
  TestEmulator ask;
  CHECK(ask("/connect/nothing").status == 404);
  CHECK(ask("/.well-known/openid-configuration/nothing").status == 404);
  const http::Response response = ask("/connect/token");
  CHECK(response.status == 405);
  CHECK(HeaderOf(response, "Allow") == "POST, OPTIONS");
  CHECK(BodyOf(response)["error"]["code"] == "MethodNotAllowed");
}

TEST_CASE("planned faults strike the identity service, too") {
  TestEmulator ask;
  REQUIRE(ask("POST", "/_emulator/faults",
              R"({"match": {"path": "/connect/token"}, "then": {"status": 503}})")
              .status == 201);
  CHECK(ask(TokenForm(kCredentials)).status == 503);
  CHECK(ask("/.well-known/openid-configuration").status == 200);
}

TEST_CASE("the journal tells of calls for tokens, and shows nothing that is secret in them") {
  TestEmulator ask;
  const std::string code = LogIn(ask);
  const json tokens = TokensOf(ask, Exchange(code));
  ask(By(TokenForm({{"grant_type", "client_credentials"}}), "service-app", "service-app-secret"));
  ask(TokenForm(kCredentials));
  http::Request json_body = TokenForm(kCredentials);
  json_body.headers.Set("Content-Type", "application/json");
  ask(json_body);

  const json journal = BodyOf(ask("/_emulator/requests?limit=100"));
  for (const json& entry : journal["requests"]) {
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
