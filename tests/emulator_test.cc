#include "emulator.h"

#include <fcntl.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "world.h"

using namespace emulator;

namespace {

struct TestEmulator : TestWorld {
  ~TestEmulator() { ::close(nowhere); }
  Response operator()(const Request& request) { return emulator.Answer(request); }
  Response operator()(const std::string& target, const std::string& token = "") {
    return emulator.Answer(Get(target, token));
  }

  int nowhere = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
  AccessLog log{nowhere, LogFormat::kText};
  Emulator emulator{service, world, log};
};

}  // namespace

TEST_CASE("every answer carries date, correlation id and CORS, whatever its face and status") {
  TestEmulator ask;
  for (const char* target :
       {"/", "/nothing", "/_emulator/livez", "/_emulator/nothing", "/export/connections/none"}) {
    const Response response = ask(target);
    INFO(target);
    CHECK(HeaderOf(response, "Date") == "Tue, 24 Nov 2026 12:00:00 GMT");
    CHECK(HeaderOf(response, "X-Correlation-Id").size() == 36);
    CHECK(HeaderOf(response, "Access-Control-Allow-Origin") == "*");
    CHECK(HeaderOf(response, "Access-Control-Expose-Headers").find("retry-after, location") == 0);
    CHECK(HeaderOf(response, "Content-Type") == "application/json");
  }
}

TEST_CASE("Date moves with the World's clock") {
  TestEmulator ask;
  ask.world.clock.Freeze(At("2030-01-01T00:00:00Z"));
  CHECK(HeaderOf(ask("/"), "Date") == "Tue, 01 Jan 2030 00:00:00 GMT");
}

TEST_CASE("a correlation id is echoed where it can be, else one is made") {
  TestEmulator ask;
  const auto echoed = [&](const std::string& id) {
    Request request = Get("/");
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
    const Response response =
        ask(Request{.method = "OPTIONS",
                    .target = target,
                    .headers = {{"Origin", "http://a"},
                                {"Access-Control-Request-Method", "GET"},
                                {"Access-Control-Request-Headers", "authorization"}}});
    CHECK(response.status == 204);
    CHECK(HeaderOf(response, "Access-Control-Allow-Headers") == "authorization");
    CHECK(HeaderOf(response, "Access-Control-Allow-Origin") == "*");
  }
}

TEST_CASE("OPTIONS without a preflight tells the methods of a path") {
  TestEmulator ask;
  const Response known = ask(Request{.method = "OPTIONS", .target = "/export/connections/x"});
  CHECK(known.status == 204);
  CHECK(HeaderOf(known, "Allow") == "GET, HEAD, OPTIONS");
  CHECK(ask(Request{.method = "OPTIONS", .target = "/nothing"}).status == 404);
}

TEST_CASE("the emulator's own paths need no token; neighbours of theirs are the vendor's") {
  TestEmulator ask;
  CHECK(ask("/_emulator/livez").body == R"({"status":"alive"})");
  CHECK(ask("/_EMULATOR/readyz?x=1").body == R"({"status":"ready"})");
  CHECK(nlohmann::json::parse(ask("/_emulator/fixtures.schema.json").body)["title"] ==
        "Export Emulator fixtures");
  CHECK(ask("/_emulator/nothing").status == 404);
  CHECK(ask(Request{.method = "POST", .target = "/_emulator/livez"}).status == 405);
  CHECK(ask("/_emulators").status == 404);
}

TEST_CASE("GET / tells what this is and lists every operation") {
  TestEmulator ask;
  const auto list = nlohmann::json::parse(ask("/").body);
  CHECK(list["name"] == "Export Emulator");
  REQUIRE(list["operations"].size() == Operations().size());
  CHECK(list["operations"][0]["path"] == "/export/connections/{connectionId}");
  CHECK(ask("/_emulator").body == ask("/").body);
}

TEST_CASE("what never became a request is refused in the vendor's envelope, too") {
  TestEmulator ask;
  const std::pair<RequestDefect, int> rows[] = {{RequestDefect::kMalformed, 400},
                                                {RequestDefect::kRequestTimeout, 408},
                                                {RequestDefect::kPayloadTooLarge, 413},
                                                {RequestDefect::kUriTooLong, 414},
                                                {RequestDefect::kUnsupportedMediaType, 415},
                                                {RequestDefect::kHeaderFieldsTooLarge, 431},
                                                {RequestDefect::kTransferCodingUnknown, 501},
                                                {RequestDefect::kTooManyConnections, 503},
                                                {RequestDefect::kHttpVersionUnsupported, 505}};
  for (const auto& [defect, status] : rows) {
    const Response response = ask.emulator.RefuseUnread(defect);
    CHECK(response.status == status);
    CHECK(nlohmann::json::parse(response.body)["error"]["message"].is_string());
    CHECK(HeaderOf(response, "X-Correlation-Id").size() == 36);
  }
}
