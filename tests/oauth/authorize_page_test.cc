#include "oauth/authorize_page.h"

#include "oauth/identity_requests.h"

using namespace emulator;
using namespace emulator::oauth;

TEST_CASE("the log-in page lists the users, runs no scripts, and escapes all values") {
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
