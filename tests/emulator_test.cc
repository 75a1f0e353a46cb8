#include "emulator.h"

#include <atomic>
#include <thread>

#include "support/test_emulator.h"

using namespace emulator;

namespace {

constexpr const char* kTargetsOfEveryFace[] = {"/",
                                               "/nothing",
                                               "/_emulator/livez",
                                               "/_emulator/nothing",
                                               "/export/connections/none",
                                               "/_sandbox/%20/x",
                                               "/.well-known/openid-configuration"};

}  // namespace

TEST_CASE("every answer has a date and a correlation id, whatever its face and status") {
  TestEmulator ask;
  for (const char* target : kTargetsOfEveryFace) {
    const http::Response response = ask(target);
    INFO(target);
    CHECK(HeaderOf(response, "Date") == "Tue, 24 Nov 2026 12:00:00 GMT");
    CHECK(HeaderOf(response, "X-Correlation-Id").size() == 36);
    CHECK(HeaderOf(response, "Content-Type") == "application/json");
  }
}

TEST_CASE("an answer has CORS headers only if the request has Origin") {
  TestEmulator ask;
  for (const char* target : kTargetsOfEveryFace) {
    INFO(target);
    http::Request request = Get(target);
    const http::Response plain = ask(request);
    CHECK(HeaderOf(plain, "Access-Control-Allow-Origin") == "(none)");
    CHECK(HeaderOf(plain, "Access-Control-Expose-Headers") == "(none)");
    request.headers.Add("Origin", "http://a.example");
    const http::Response cross_origin = ask(request);
    CHECK(HeaderOf(cross_origin, "Access-Control-Allow-Origin") == "*");
    CHECK(HeaderOf(cross_origin, "Access-Control-Expose-Headers").find("retry-after, location") ==
          0);
  }
}

TEST_CASE("an unread request gets CORS headers, because it may have had Origin") {
  TestEmulator ask;
  const http::Response response =
      ask.emulator.RefuseUnread(http::server::RequestParseError::kPayloadTooLarge);
  CHECK(HeaderOf(response, "Access-Control-Allow-Origin") == "*");
  CHECK(HeaderOf(response, "Vary") == "Origin");
}

TEST_CASE("answers of the vendor's API and identity service vary by Origin, sent or not") {
  TestEmulator ask;
  for (const char* target :
       {"/nothing", "/export/connections/none", "/.well-known/openid-configuration",
        "/_sandbox/a/export/connections/none"}) {
    INFO(target);
    http::Request request = Get(target);
    CHECK(HeaderOf(ask(request), "Vary") == "Origin");
    request.headers.Add("Origin", "http://a.example");
    CHECK(HeaderOf(ask(request), "Vary") == "Origin");
  }
  CHECK(HeaderOf(ask("/_emulator/livez"), "Vary") == "(none)");
}

TEST_CASE("the face decides how large a body may be, in a sandbox as outside") {
  const auto limit = [](const char* target) {
    return Emulator::BodyLimit({.method = "PUT", .target = target});
  };
  CHECK(limit("/export/connections") == 1 << 20);
  CHECK(limit("/connect/token") == 1 << 20);
  CHECK(limit("/_emulator/fixtures") == 64 << 20);
  CHECK(limit("/_sandbox/a/_emulator/fixtures?x=1") == 64 << 20);
  CHECK(limit("/_sandbox/a/export/connections") == 1 << 20);
  CHECK(limit("/_emulator/sandboxes/a") == 64 << 20);
}

TEST_CASE("the base URL of a sandbox alone returns the list of paths") {
  TestEmulator ask;
  for (const char* target : {"/_sandbox/a", "/_sandbox/a/", "/_sandbox/a?x=1"}) {
    INFO(target);
    const http::Response response = ask(target);
    CHECK(response.status == 200);
    CHECK(BodyOf(response)["sandbox"] == "a");
  }
}

TEST_CASE(
    "every answer has an id, every refusal the code of its reason; --quiet-headers omits both") {
  TestEmulator ask;
  const http::Response first = ask(kExamplePath, "reader-token");
  const http::Response second = ask(kExamplePath, "expired-token");
  const http::Response third = ask("/_emulator/clock");
  const auto id = [](const http::Response& response) {
    return std::stoull(HeaderOf(response, "X-Emulator-Request-Id"));
  };
  CHECK(id(first) < id(second));
  CHECK(id(second) < id(third));
  CHECK(HeaderOf(first, "X-Emulator-Reason") == "(none)");
  CHECK(HeaderOf(second, "X-Emulator-Reason") == "token-expired");
  CHECK(HeaderOf(ask.emulator.RefuseUnread(http::server::RequestParseError::kUriTooLong),
                 "X-Emulator-Reason") == "request-line-too-long");
  CHECK(HeaderOf(ask("/_sandbox/%20/export/x"), "X-Emulator-Reason") == "sandbox-name-invalid");

  Emulator quiet(ask.service, ask.identity, ask.worlds, ask.log, {.quiet_headers = true});
  const http::Response silent = quiet.Answer(Get(kExamplePath, "expired-token"));
  for (const http::Header& header : silent.headers)
    CHECK_FALSE(header.name.starts_with("X-Emulator"));
  CHECK(silent.body == second.body);
}

TEST_CASE("calls of the vendor's API are in the journal of their world, control calls are not") {
  TestEmulator ask;
  ask(kExamplePath, "reader-token");
  ask("/no/such/path");
  ask("/_sandbox/a" + kExamplePath, "expired-token");
  ask("/_emulator/clock");
  ask.emulator.RefuseUnread(http::server::RequestParseError::kMalformed);
  http::Request preflight{.method = "OPTIONS", .target = kExamplePath};
  preflight.headers.Add("Origin", "http://a.example");
  preflight.headers.Add("Access-Control-Request-Method", "GET");
  ask(preflight);

  const auto entries = ask.worlds.Default()->journal->Read();
  REQUIRE(entries.size() == 3);
  const journal::JournalEntry& entry = entries[0].entry;
  CHECK(entry.time == kNoon);
  CHECK(entry.method == "GET");
  CHECK(entry.target == kExamplePath);
  CHECK(entry.operation == "get-export-connection");
  CHECK(entry.connection_id == kExampleId);
  CHECK(entry.gate == "render");
  CHECK(entry.client == "premium-app");
  CHECK(entry.user == "reader");
  CHECK(entry.token == "reader");
  CHECK(entry.scopes == "export:read");
  CHECK(entry.is_token_known);
  CHECK(entry.was_metered);
  CHECK(entry.admission.used == 1);
  CHECK(entry.status == 200);
  CHECK(entry.answer_body.text == Golden("get-export-connection", 200));
  CHECK(entries[1].entry.reason == "route-unknown");
  CHECK(entries[2].entry.reason == "request-malformed");

  const auto others = ask.worlds.Sandbox("a")->journal->Read();
  REQUIRE(others.size() == 1);
  CHECK(others[0].entry.target == "/_sandbox/a" + kExamplePath);
  CHECK(others[0].entry.expires == At("2001-01-01T00:00:00Z"));
}

TEST_CASE("a token that a client sends as its correlation id is not echoed") {
  TestEmulator ask;
  http::Request request = Get(kExamplePath, "reader-token");
  request.headers.Add("X-Correlation-Id", "my-reader-token");
  CHECK(HeaderOf(ask(request), "X-Correlation-Id").find("reader-token") == std::string::npos);
}

TEST_CASE("Date follows the world's clock") {
  TestEmulator ask;
  ask.worlds.Default()->clock.Freeze(At("2030-01-01T00:00:00Z"));
  CHECK(HeaderOf(ask("/"), "Date") == "Tue, 01 Jan 2030 00:00:00 GMT");
}

TEST_CASE("a valid correlation id is echoed, otherwise a new one is made") {
  TestEmulator ask;
  const auto echoed = [&](const std::string& id) {
    http::Request request = Get("/");
    request.headers.Add("x-correlation-id", id);
    return HeaderOf(ask(request), "X-Correlation-Id");
  };
  CHECK(echoed("abc-123/%20") == "abc-123/%20");
  CHECK(echoed(std::string(256, 'x')) == std::string(256, 'x'));
  for (const std::string& id :
       {std::string(), std::string(257, 'x'), std::string("a b"), std::string("\xff")}) {
    CHECK(echoed(id) != id);
    CHECK(echoed(id).size() == 36);
  }
  CHECK(HeaderOf(ask("/"), "X-Correlation-Id") != HeaderOf(ask("/"), "X-Correlation-Id"));
}

TEST_CASE("a preflight is answered on any path and is not metered") {
  TestEmulator ask;
  for (const char* target : {"/export/connections/x", "/nothing", "/_emulator/livez"}) {
    const http::Response response =
        ask(http::Request{.method = "OPTIONS",
                          .target = target,
                          .headers = {{"Origin", "http://a"},
                                      {"Access-Control-Request-Method", "GET"},
                                      {"Access-Control-Request-Headers", "authorization"}}});
    CHECK(response.status == 204);
    CHECK(HeaderOf(response, "Access-Control-Allow-Headers") == "authorization");
    CHECK(HeaderOf(response, "Access-Control-Allow-Origin") == "*");
  }
}

TEST_CASE("OPTIONS that is not a preflight lists the methods of a path") {
  TestEmulator ask;
  const http::Response known =
      ask(http::Request{.method = "OPTIONS", .target = "/export/connections/x"});
  CHECK(known.status == 204);
  CHECK(HeaderOf(known, "Allow") == "GET, HEAD, DELETE, OPTIONS");
  CHECK(ask(http::Request{.method = "OPTIONS", .target = "/nothing"}).status == 404);
}

TEST_CASE("control paths need no vendor token; similar paths belong to the vendor's API") {
  TestEmulator ask;
  CHECK(ask("/_emulator/livez").body == R"({"status":"alive"})");
  CHECK(ask("/_EMULATOR/readyz?x=1").body == R"({"status":"ready"})");
  CHECK(nlohmann::json::parse(ask("/_emulator/fixtures.schema.json").body)["title"] ==
        "Export Emulator fixtures");
  CHECK(ask("/_emulator/nothing").status == 404);
  CHECK(ask(http::Request{.method = "POST", .target = "/_emulator/livez"}).status == 405);
  CHECK(ask("/_emulators").status == 404);
}

TEST_CASE("GET / names the emulator and lists every operation") {
  TestEmulator ask;
  const auto list = nlohmann::json::parse(ask("/").body);
  CHECK(list["name"] == "Export Emulator");
  REQUIRE(list["operations"].size() == api::Operations().size());
  CHECK(list["operations"][2]["path"] == "/export/connections/{connectionId}");
  CHECK(ask("/_emulator").body == ask("/").body);
}

TEST_CASE("an unread request is refused in the vendor's error format") {
  TestEmulator ask;
  const std::pair<http::server::RequestParseError, int> rows[] = {
      {http::server::RequestParseError::kMalformed, 400},
      {http::server::RequestParseError::kRequestTimeout, 408},
      {http::server::RequestParseError::kPayloadTooLarge, 413},
      {http::server::RequestParseError::kUriTooLong, 414},
      {http::server::RequestParseError::kUnsupportedMediaType, 415},
      {http::server::RequestParseError::kHeaderFieldsTooLarge, 431},
      {http::server::RequestParseError::kTransferCodingUnknown, 501},
      {http::server::RequestParseError::kTlsMissing, 400},
      {http::server::RequestParseError::kTlsHandshakeFailed, 400},
      {http::server::RequestParseError::kTooManyConnections, 503},
      {http::server::RequestParseError::kServerStopping, 503},
      {http::server::RequestParseError::kHttpVersionUnsupported, 505}};
  for (const auto& [defect, status] : rows) {
    const http::Response response = ask.emulator.RefuseUnread(defect);
    CHECK(response.status == status);
    CHECK(nlohmann::json::parse(response.body)["error"]["message"].is_string());
    CHECK(HeaderOf(response, "X-Correlation-Id").size() == 36);
  }
}

TEST_CASE("the log has the fault of a request, and status 0 if it broke the connection") {
  int pipe[2];
  REQUIRE(::pipe2(pipe, O_CLOEXEC) == 0);
  {
    TestEmulator ask;
    AccessLog log(pipe[1], LogFormat::kJson);
    Emulator emulator(ask.service, ask.identity, ask.worlds, log, {});
    const auto plan = [&](const char* then) {
      CHECK(ask("DELETE", "/_emulator/faults", "").status == 204);
      CHECK(ask("POST", "/_emulator/faults", std::string("{\"then\": ") + then + "}").status ==
            201);
      return emulator.Answer(Get(kExamplePath, "reader-token"));
    };
    CHECK(plan(R"({"delayMs": 5})").delivery.delay == std::chrono::milliseconds(5));
    CHECK(plan(R"({"connection": "EMPTY_RESPONSE"})").delivery.connection_fault ==
          http::ConnectionFault::kEmptyResponse);
  }
  ::close(pipe[1]);
  std::string lines(4096, '\0');
  lines.resize(static_cast<size_t>(::read(pipe[0], lines.data(), lines.size())));
  ::close(pipe[0]);
  const size_t second = lines.find('\n') + 1;
  const auto delayed = nlohmann::json::parse(lines.substr(0, second));
  const auto broken = nlohmann::json::parse(lines.substr(second));
  CHECK(delayed["status"] == 200);
  CHECK(delayed["fault"] == 1);
  CHECK(broken["status"] == 0);
  CHECK(broken["fault"] == 2);
}

TEST_CASE("concurrency: 200 sandboxes used by 50 clients never see each other") {
  TestEmulator ask;
  std::atomic<int> strange{0};
  const auto expect = [&](const http::Response& response, int status) {
    if (response.status != status) ++strange;
  };
  std::vector<std::thread> clients;
  for (int client = 0; client < 50; ++client)
    clients.emplace_back([&, client] {
      for (int i = 0; i < 4; ++i) {
        // Nobody else's: what one client sees there is what it did there.
        const std::string name = "s" + std::to_string(client * 4 + i);
        const std::string base = "/_sandbox/" + name;
        const std::string own = base + "/export/connections/" + name;
        expect(ask(own, "reader-token"), 404);
        expect(ask("PUT", base + "/_emulator/connections/" + name, "{}"), 201);
        expect(ask(own, "owner-token"), 200);
        expect(ask("PUT", base + "/_emulator/rate-limit/premium-app",
                   R"({"limit": 1, "seconds": 60})"),
               200);
        expect(ask(own, "platform-token"), 429);  // two calls were counted
        expect(ask("PUT", base + "/_emulator/clock", R"({"now": "2035-01-01T00:00:00Z"})"), 200);
        expect(ask(own, "owner-token"), 200);
        expect(ask("POST", base + "/_emulator/faults", R"({"then": {"status": 418}})"), 201);
        expect(ask(own, "reader-token"), 418);
        expect(ask("POST", base + "/_emulator/reset", ""), 204);
        expect(ask(own, "reader-token"), 404);
        // A sandbox that all of them share is never one of theirs, either.
        expect(ask("/_sandbox/shared/export/connections/" + name, "reader-token"), 404);
        expect(ask("/_sandbox/shared" + kExamplePath, "reader-token"), 200);
      }
    });
  for (std::thread& client : clients) client.join();
  CHECK(strange == 0);
  CHECK(ask.failures.empty());
  CHECK(ask.worlds.List().size() == 201);
  CHECK(ask(kExamplePath, "reader-token").status == 200);
}
