#include "api/service.h"

#include <SQLiteCpp/SQLiteCpp.h>

#include <atomic>
#include <thread>

#include "support/temporary_folder.h"
#include "support/world.h"

using namespace emulator;
using namespace emulator::api;
using namespace std::chrono_literals;

TEST_CASE("every reason for a 401 has its gate, its code and its documented or observed body") {
  const std::string header_not_found = Golden("get-export-connection", 401);
  const std::string unauthorized = Refuse(errors::kUnauthorized).body;
  const std::string unknown_client = Refuse(errors::kUnknownClient).body;
  struct Row {
    std::vector<std::string> authorizations;
    const char* reason;
    const std::string& body;
    Gate gate = Gate::kAuthenticate;
  };
  const Row rows[] = {
      {{}, "authorization-missing", header_not_found},
      {{"Bearer reader-token", "Bearer reader-token"}, "authorization-repeated", unauthorized},
      {{""}, "authorization-not-bearer", unauthorized},
      {{"Bearer"}, "authorization-not-bearer", unauthorized},
      {{"Bearer "}, "authorization-not-bearer", unauthorized},
      {{"reader-token"}, "authorization-not-bearer", unauthorized},
      {{"Basic cmVhZGVy"}, "authorization-not-bearer", unauthorized},
      {{"Bearer reader-token x"}, "authorization-not-bearer", unauthorized},
      {{"Bearer\treader-token"}, "authorization-not-bearer", unauthorized},
      {{"Bearer reader-token,Bearer x"}, "authorization-not-bearer", unauthorized},
      {{"Bearer no-such-token"}, "token-unknown", unauthorized},
      {{"Bearer READER-TOKEN"}, "token-unknown", unauthorized},
      {{"Bearer wrong-issuer-token"}, "token-wrong-issuer", unauthorized},
      {{"Bearer not-yet-valid-token"}, "token-not-yet-valid", unauthorized},
      {{"Bearer expired-token"}, "token-expired", unauthorized},
      {{"Bearer unknown-client-token"}, "client-unknown", unknown_client},
      {{"Bearer no-scope-token"}, "scope-missing", unauthorized, Gate::kScope},
  };
  TestWorld test;
  for (const Row& row : rows) {
    http::Request request{.method = "GET", .target = kExamplePath};
    for (const auto& value : row.authorizations) request.headers.Add("Authorization", value);
    const RequestRecord record = test.Ask(request);
    INFO(row.reason << " " << (row.authorizations.empty() ? "" : row.authorizations[0]));
    CHECK(record.response.status == 401);
    CHECK(record.response.body == row.body);
    CHECK(record.reason == row.reason);
    CHECK(record.gate == row.gate);
  }
}

TEST_CASE("the scheme compares without case and may be followed by several spaces") {
  TestWorld test;
  for (const char* value :
       {"Bearer reader-token", "bearer reader-token", "BEARER   reader-token"}) {
    const http::Request request{
        .method = "GET", .target = kExamplePath, .headers = {{"authorization", value}}};
    CHECK(test.Ask(request).response.status == 200);
  }
}

TEST_CASE("either documented scope is sufficient") {
  TestWorld test;
  CHECK(test.Ask(kExamplePath, "reader-token").response.status == 200);
  CHECK(test.Ask(kExamplePath, "platform-token").response.status == 200);
}

TEST_CASE("a token is valid from notBefore until just before expires") {
  TestWorld test(ReadFixture(R"({
    "connections": [{"id": "c"}], "users": [{"id": "u", "connections": ["*"]}],
    "clients": [{"id": "a", "tier": "premium", "user": "u"}],
    "tokens": [{"token": "t", "client": "a", "scopes": ["export:read"],
                "notBefore": "2030-01-01T00:00:00Z", "expires": "2030-01-01T01:00:00Z"}]})"));
  const auto status_at = [&](Time now) {
    test.world.clock.Freeze(now);
    return test.Ask("/export/connections/c", "t").response.status;
  };
  const Time begin = At("2030-01-01T00:00:00Z");
  CHECK(status_at(begin - 1us) == 401);
  CHECK(status_at(begin) == 200);
  CHECK(status_at(begin + 1h - 1us) == 200);
  CHECK(status_at(begin + 1h) == 401);
}

TEST_CASE("with several defects of one token, the order of the reasons decides") {
  TestWorld test(ReadFixture(R"({
    "clients": [{"id": "a", "tier": "premium", "registered": false}],
    "tokens": [
      {"token": "t1", "client": "a", "scopes": [], "issuer": "https://other", "expires": "2001-01-01T00:00:00Z", "notBefore": "2999-01-01T00:00:00Z"},
      {"token": "t2", "client": "a", "scopes": [], "expires": "2001-01-01T00:00:00Z", "notBefore": "2999-01-01T00:00:00Z"},
      {"token": "t3", "client": "a", "scopes": [], "expires": "2001-01-01T00:00:00Z"},
      {"token": "t4", "client": "a", "scopes": []}]})"));
  CHECK(test.Ask(kExamplePath, "t1").reason == "token-wrong-issuer");
  CHECK(test.Ask(kExamplePath, "t2").reason == "token-not-yet-valid");
  CHECK(test.Ask(kExamplePath, "t3").reason == "token-expired");
  CHECK(test.Ask(kExamplePath, "t4").reason == "client-unknown");
}

TEST_CASE("the rate limiter's 429 is the page's, with a true retry-after and the known headers") {
  TestWorld test;
  for (int i = 0; i < 500; ++i)
    REQUIRE(test.Ask(kExamplePath, "trial-token").response.status == 200);
  test.world.clock.Advance(20s);
  const RequestRecord refused = test.Ask(kExamplePath, "trial-token");
  CHECK(refused.response.status == 429);
  CHECK(refused.response.body == Golden("get-export-connection", 429));
  CHECK(HeaderOf(refused.response, "retry-after") == "40");
  CHECK(HeaderOf(refused.response, "ITwinPlatform-RateLimited-Tier") == "community");
  CHECK(HeaderOf(refused.response, "ITwinPlatform-RateLimited-Application") == "trial-app");
  CHECK(refused.reason == "rate-limited");
  CHECK(test.Ask(kExamplePath, "reader-token").response.status == 200);
  test.world.clock.Advance(39s);
  CHECK(test.Ask(kExamplePath, "trial-token").response.status == 429);
  test.world.clock.Advance(1s);
  CHECK(test.Ask(kExamplePath, "trial-token").response.status == 200);
}

TEST_CASE("a trial client has 5000 calls an hour besides its 500 a minute") {
  TestWorld test;
  for (int minute = 0; minute < 10; ++minute, test.world.clock.Advance(60s))
    for (int i = 0; i < 500; ++i)
      REQUIRE(test.Ask(kExamplePath, "trial-token").response.status == 200);
  const RequestRecord refused = test.Ask(kExamplePath, "trial-token");
  CHECK(refused.response.status == 429);
  CHECK(HeaderOf(refused.response, "retry-after") == "3000");
}

TEST_CASE("refusals before the rate limiter are not metered, later ones are") {
  TestWorld test(DefaultFixtures(), std::vector<fixtures::RateLimit>{{2, 60s}});
  CHECK(test.Ask(kExamplePath, "no-scope-token").response.status == 401);
  CHECK(test.Ask(kExamplePath, "expired-token").response.status == 401);
  CHECK(test.Ask("/nothing", "reader-token").response.status == 404);
  CHECK(test.Ask("/export/connections/none", "reader-token").response.status == 404);
  CHECK(test.Ask(kExamplePath, "stranger-token").response.status == 403);
  CHECK(test.Ask(kExamplePath, "reader-token").response.status == 429);
}

TEST_CASE(
    "a limit for all clients replaces those of tiers and clients; an empty one disables metering") {
  TestWorld off(DefaultFixtures(), std::vector<fixtures::RateLimit>{});
  CHECK(off.Ask(kExamplePath, "throttled-token").response.status == 200);
  TestWorld one(DefaultFixtures(), std::vector<fixtures::RateLimit>{{1, 60s}});
  CHECK(one.Ask(kExamplePath, "throttled-token").response.status == 200);
  CHECK(one.Ask(kExamplePath, "throttled-token").response.status == 429);
}

TEST_CASE("unknown paths and methods are refused") {
  TestWorld test;
  CHECK(test.Ask("/nothing", "").response.body.find("RouteNotFound") != std::string::npos);
  CHECK(test.Ask("/export/connections/", "reader-token").response.status == 404);
  CHECK(test.Ask("/export/connections/a/", "reader-token").reason == "route-unknown");
  CHECK(test.Ask("/export/connections/%zz", "reader-token").response.status == 400);
  http::Request post = Get(kExamplePath, "reader-token");
  post.method = "POST";
  const RequestRecord refused = test.Ask(post);
  CHECK(refused.response.status == 405);
  CHECK(HeaderOf(refused.response, "Allow") == "GET, HEAD, DELETE, OPTIONS");
}

TEST_CASE("a record has the names of client, user and token, not the token") {
  TestWorld test;
  const RequestRecord known = test.Ask(kExamplePath, "reader-token");
  CHECK(known.client() == "premium-app");
  CHECK(known.user() == "reader");
  CHECK(known.token == "reader");
  CHECK(test.Ask(kExamplePath, "expired-token").token == "expired");
  CHECK(test.Ask(kExamplePath, "a-secret").token == "#b4d8752439");
}

TEST_CASE("a failure is a 500 in the vendor's format; only the log has its details") {
  const TemporaryFolder folder;
  const std::string file = folder / "store.db";
  world::World world(std::make_shared<fixtures::FixtureStore>(file, DefaultFixtures()),
                     world::World::Settings{},
                     journal::JournalRegistry::Open(std::make_shared<journal::JournalRegistry>(0)));
  SQLite::Database(file, SQLite::OPEN_READWRITE).exec("drop table tokens");
  std::string told;
  const tokens::Issuer issuer;
  const Service service(tokens::TokenVerifier(issuer),
                        [&](const std::string& fault) { told = fault; });
  const RequestRecord record = service.Answer(Get(kExamplePath, "reader-token"), world);
  CHECK(record.response.status == 500);
  CHECK(record.response.body == Refuse(errors::kInternalServerError).body);
  CHECK(record.gate == Gate::kFailure);
  CHECK(told == "GET " + kExamplePath + " failed: no such table: tokens");
}

TEST_CASE("a planned answer replaces the gates and is not metered") {
  TestWorld test(DefaultFixtures(), std::vector<fixtures::RateLimit>{{1, 60s}});
  test.world.faults.Add({.match = {.operation = "get-export-connection"},
                         .when = {.calls = {{2, 3}}},
                         .then = {.answer = Refuse(errors::kConnectionNotFound)}});
  CHECK(test.Ask(kExamplePath, "expired-token").response.status == 401);
  for (const char* token : {"reader-token", "no-such-token"}) {
    const RequestRecord planned = test.Ask(kExamplePath, token);
    CHECK(planned.response.body == Golden("get-export-connection", 404));
    CHECK(planned.gate == Gate::kFault);
    CHECK(Name(planned.gate) == "fault");
    CHECK(planned.reason == "fault-planned");
    CHECK(planned.fault == 1);
  }
  const RequestRecord own = test.Ask(kExamplePath, "reader-token");
  CHECK(own.response.status == 200);
  CHECK(own.fault == 0);
}

TEST_CASE("a fault may match a client, even one whose token is refused, or a connection") {
  TestWorld test;
  const auto strikes = [&](world::FaultMatch match, const std::string& path,
                           const std::string& token) {
    test.world.faults.Clear();
    test.world.faults.Add(
        {.match = std::move(match), .then = {.answer = http::Response{.status = 503}}});
    return test.Ask(path, token).response.status == 503;
  };
  CHECK(strikes({.client = "premium-app"}, kExamplePath, "reader-token"));
  CHECK(strikes({.client = "premium-app"}, kExamplePath, "expired-token"));
  CHECK_FALSE(strikes({.client = "premium-app"}, kExamplePath, "trial-token"));
  CHECK_FALSE(strikes({.client = "premium-app"}, kExamplePath, "no-such-token"));
  CHECK(strikes({.connection_id = "a b"}, "/export/connections/a%20b", ""));
  CHECK_FALSE(strikes({.connection_id = "A b"}, "/export/connections/a%20b", ""));
  CHECK(strikes({.path = "/Export/connections/*"}, kExamplePath + "?a=b", ""));
  CHECK(strikes({.method = "GET"}, kExamplePath, ""));
  CHECK_FALSE(strikes({.method = "POST"}, kExamplePath, ""));
  CHECK_FALSE(strikes({}, "/nothing", ""));
}

TEST_CASE("a fault without an answer applies to the answer of any gate") {
  TestWorld test(DefaultFixtures(), std::vector<fixtures::RateLimit>{{1, 60s}});
  test.world.faults.Add(
      {.then = {.delay = 5ms, .body_time = 7ms, .tampering = world::Tampering::kRetryAfterDate}});
  const auto is_struck = [](const RequestRecord& record) {
    return record.fault == 1 && record.response.delivery.delay == 5ms &&
           record.response.delivery.body_time == 7ms;
  };
  const RequestRecord unauthorized = test.Ask(kExamplePath, "");
  CHECK(unauthorized.gate == Gate::kAuthenticate);
  CHECK(is_struck(unauthorized));
  const RequestRecord read = test.Ask(kExamplePath, "reader-token");
  CHECK(read.response.body == Golden("get-export-connection", 200));
  CHECK(is_struck(read));
  const RequestRecord limited = test.Ask(kExamplePath, "reader-token");
  CHECK(limited.reason == "rate-limited");
  CHECK(HeaderOf(limited.response, "retry-after") == "Tue, 24 Nov 2026 12:01:00 GMT");
  CHECK(is_struck(limited));
}

TEST_CASE("a planned connection fault is in the response") {
  TestWorld test;
  test.world.faults.Add({.then = {.connection_fault = http::ConnectionFault::kConnectionReset}});
  const RequestRecord broken = test.Ask(kExamplePath, "reader-token");
  CHECK(broken.response.delivery.connection_fault == http::ConnectionFault::kConnectionReset);
  CHECK(broken.reason == "fault-planned");
}

TEST_CASE("a planned or preferred 429 names its client, if it is known") {
  TestWorld test;
  http::Request asks = Get(kExamplePath, "trial-token");
  asks.headers.Add("Prefer", "code=429");
  http::Request unknown = Get(kExamplePath);
  unknown.headers.Add("Prefer", "code=429");
  const RequestRecord asked = test.Ask(asks);
  const RequestRecord asked_by_nobody = test.Ask(unknown);
  test.world.faults.Add({.then = {.answer = Refuse(errors::kTooManyRequests)}});
  const RequestRecord planned = test.Ask(kExamplePath, "trial-token");
  for (const RequestRecord* record : {&asked, &planned}) {
    CHECK(record->response.body == Golden("get-export-connection", 429));
    CHECK(HeaderOf(record->response, "ITwinPlatform-RateLimited-Tier") == "community");
    CHECK(HeaderOf(record->response, "ITwinPlatform-RateLimited-Application") == "trial-app");
  }
  CHECK(asked_by_nobody.response.status == 429);
  CHECK(HeaderOf(asked_by_nobody.response, "ITwinPlatform-RateLimited-Tier") == "(none)");
}

TEST_CASE("a planned 429 keeps its own headers") {
  TestWorld test;
  test.world.faults.Add(
      {.then = {.answer = http::Response{
                    .status = 429, .headers = {{"itwinplatform-ratelimited-tier", "gold"}}}}});
  const http::Response planned = test.Ask(kExamplePath, "trial-token").response;
  CHECK(planned.headers.Count("ITwinPlatform-RateLimited-Tier") == 1);
  CHECK(HeaderOf(planned, "ITwinPlatform-RateLimited-Tier") == "gold");
}

TEST_CASE("Prefer wins over a planned fault, which does not count the request") {
  TestWorld test;
  test.world.faults.Add({.then = {.answer = Refuse(errors::kConnectionNotFound)}});
  http::Request request = Get(kExamplePath);
  request.headers.Add("Prefer", "code=403");
  const RequestRecord asked = test.Ask(request);
  CHECK(asked.response.body == Golden("get-export-connection", 403));
  CHECK(asked.gate == Gate::kFault);
  CHECK(asked.reason == "prefer");
  CHECK(test.world.faults.List()[0].matched == 0);
}

TEST_CASE("Prefer can be ignored") {
  TestWorld test;
  const tokens::Issuer issuer;
  const Service deaf(tokens::TokenVerifier(issuer), [](const std::string&) {},
                     {.honours_prefer = false});
  http::Request request = Get(kExamplePath, "reader-token");
  request.headers.Add("Prefer", "code=403");
  CHECK(test.Ask(request).response.status == 403);
  CHECK(deaf.Answer(request, test.world).response.status == 200);
}

TEST_CASE("concurrency: one world admits exactly its limit of requests from many threads") {
  TestWorld test(DefaultFixtures(), std::vector<fixtures::RateLimit>{{500, 60s}});
  std::atomic<int> ok{0};
  std::atomic<int> limited{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < 100; ++i) {
        const int status = test.Ask(kExamplePath, "reader-token").response.status;
        ok += status == 200;
        limited += status == 429;
      }
    });
  for (auto& thread : threads) thread.join();
  CHECK(ok == 500);
  CHECK(limited == 300);
}
