#include "oauth/reasons.h"

#include <functional>
#include <set>

#include "diagnosis/reason_table.h"
#include "diagnosis/why.h"
#include "oauth/identity_requests.h"

using namespace emulator;
using namespace emulator::oauth;
using namespace std::chrono_literals;

namespace {

// A refusal: the code of its reason, a request that causes it, its status, its OAuth error.
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
// A refresh of a log-in after `change`.
template <typename Change>
std::function<http::Response(TestEmulator&)> Refreshing(Change change) {
  return [change](TestEmulator& ask) {
    const nlohmann::json tokens = TokensOf(ask, Exchange(LogIn(ask)));
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

TEST_CASE("each refusal has its own reason and the body that OAuth defines") {
  std::set<std::string_view> reasons_seen;
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

    const auto recorded = ask.worlds.Default()->journal->Read().back();
    const diagnosis::Why why = diagnosis::Explain(recorded.entry);
    REQUIRE(why.reason);
    CHECK(why.reason->code == row.code);
    CHECK(why.steps.size() == 1);
    CHECK(why.steps[0].gate == api::Gate::kIdentity);
    CHECK(why.steps[0].verdict == diagnosis::Step::Verdict::kRefused);
    reasons_seen.insert(why.reason->code);
    CHECK(ask.failures.empty());
  }
  for (const api::Reason* reason : diagnosis::AllReasons())
    if (reason->gate == api::Gate::kIdentity)
      CHECK_MESSAGE(reasons_seen.contains(reason->code),
                    "no request here has the reason " << reason->code);
}
