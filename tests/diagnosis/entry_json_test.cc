#include "diagnosis/entry_json.h"

#include <nlohmann/json.hpp>

#include "support/test_emulator.h"

using namespace emulator;
using namespace emulator::diagnosis;
using namespace std::chrono_literals;

namespace {

using Pairs = std::vector<std::pair<std::string_view, std::string_view>>;

std::string Curl(journal::JournalEntry entry) {
  if (entry.method.empty()) entry.method = "GET";
  if (entry.target.empty()) entry.target = "/a?b=c&d";
  if (entry.headers.Read().empty()) entry.headers = Packed({{"Accept", "*/*"}});
  entry.body.size = std::max<uint64_t>(entry.body.size, entry.body.text.size());
  return CurlLine(entry, "http://localhost:8080");
}

}  // namespace

TEST_CASE("an entry is rendered with all its members, in order") {
  const journal::JournalEntry entry{.id = 7,
                                    .time = kNoon,
                                    .real_time = kNoon + 1s,
                                    .duration = 1250us,
                                    .method = "POST",
                                    .target = "/_sandbox/a/export/connections/x?y",
                                    .headers = Packed({{"Accept", "a/b"}, {"accept", ""}}),
                                    .body = {"hello", 9000},
                                    .correlation_id = "c-1",
                                    .operation = "get-export-connection",
                                    .connection_id = "x",
                                    .gate = "look-up",
                                    .reason = "connection-unknown",
                                    .client = "app",
                                    .user = "ann",
                                    .token = "anns",
                                    .scopes = "itwin-platform",
                                    .fault = 3,
                                    .status = 404,
                                    .delivery = {.delay = 5ms, .body_time = 6ms},
                                    .answer_headers = Packed({{"Date", "today"}}),
                                    .answer_body = {"{}", 2}};
  CHECK(
      RenderEntry(entry, "http://e/_sandbox/a", "http://e").dump() ==
      R"({"id":7,"time":"2026-11-24T12:00:00.000Z","realTime":"2026-11-24T12:00:01.000Z",)"
      R"("durationMs":1.25,"method":"POST","target":"/_sandbox/a/export/connections/x?y",)"
      R"("headers":[{"name":"Accept","value":"a/b"},{"name":"accept","value":""}],)"
      R"("body":"hello","bodyBytes":9000,"correlationId":"c-1","operation":"get-export-connection","connectionId":"x",)"
      R"("client":"app","user":"ann","token":"anns","status":404,"gate":"look-up",)"
      R"("reason":"connection-unknown","fault":3,"answer":{"headers":[{"name":"Date",)"
      R"("value":"today"}],"body":"{}","bodyBytes":2,"delayMs":5,"slowBodyMs":6},)"
      R"("contractWarnings":[{"code":"accept-other","outsideContract":false},)"
      R"({"code":"query-unknown","outsideContract":true},)"
      R"({"code":"body-ignored","outsideContract":true}],)"
      R"("curl":"curl -i -X 'POST' -H 'Accept: a/b' -H 'accept;' -H 'Content-Type:' )"
      R"(--data-raw 'hello' 'http://e/_sandbox/a/export/connections/x?y')"
      R"(  # the body's first 5 of 9000 bytes",)"
      R"("why":"http://e/_sandbox/a/_emulator/requests/7/why"})");
}

TEST_CASE("unknown members are left out, and an unparsed request has no curl line") {
  const auto rendered = RenderEntry(
      {.id = 1, .method = "-", .target = "-", .gate = Name(api::Gate::kHttp), .status = 400}, "",
      "");
  for (const char* name : {"operation", "connectionId", "client", "user", "token", "reason",
                           "fault", "body", "bodyBytes", "curl"})
    CHECK_FALSE(rendered.contains(name));
  CHECK(rendered["contractWarnings"].empty());
  CHECK(rendered["answer"].size() == 1);
}

TEST_CASE("a curl line repeats the request: method, headers, target") {
  CHECK(Curl({}) == "curl -i -H 'Accept: */*' 'http://localhost:8080/a?b=c&d'");
  CHECK(Curl({.method = "HEAD"}) == "curl -i -I -H 'Accept: */*' 'http://localhost:8080/a?b=c&d'");
  CHECK(Curl({.method = "PATCH"}).starts_with("curl -i -X 'PATCH' -H"));
  CHECK(Curl({.headers = Packed({{"Accept", "a"}, {"X-Empty", ""}, {"Prefer", "code=404"}})}) ==
        "curl -i -H 'Accept: a' -H 'X-Empty;' -H 'Prefer: code=404' "
        "'http://localhost:8080/a?b=c&d'");
}

TEST_CASE("a curl line omits the headers that curl writes itself") {
  CHECK(Curl({.headers = Packed({{"host", "x"},
                                 {"Accept", "a"},
                                 {"CONTENT-LENGTH", "3"},
                                 {"Connection", "close"},
                                 {"Transfer-Encoding", "chunked"},
                                 {"Accept-Encoding", "gzip"},
                                 {"User-Agent", "me"},
                                 {"Expect", "100-continue"}})}) ==
        "curl -i -H 'Accept: a' 'http://localhost:8080/a?b=c&d'");
}

TEST_CASE("regression: curl added an Accept, and a Content-Type for a body") {
  CHECK(Curl({.headers = Packed({{"X-A", "b"}})}).find(" -H 'Accept:' ") != std::string::npos);
  CHECK(Curl({.method = "POST", .body = {"x"}}).find(" -H 'Content-Type:' ") != std::string::npos);
  CHECK(Curl({.method = "POST", .headers = Packed({{"content-type", "a/b"}}), .body = {"x"}})
            .find("'Content-Type:'") == std::string::npos);
}

TEST_CASE("quotes in a curl line are escaped") {
  CHECK(Curl({.method = "POST",
              .target = "/it's",
              .headers = Packed({{"Accept", "'"}, {"Content-Type", "a"}}),
              .body = {"{\"a\": 'b'}\n$(rm) `x` \\"}}) ==
        "curl -i -X 'POST' -H 'Accept: '\\''' -H 'Content-Type: a' "
        "--data-raw '{\"a\": '\\''b'\\''}\n$(rm) `x` \\' 'http://localhost:8080/it'\\''s'");
}

TEST_CASE("regression: a body that begins with '@' made curl send a file") {
  const std::string line = Curl({.method = "POST", .body = {"@/etc/passwd"}});
  CHECK(line.find(" --data-raw '@/etc/passwd'") != std::string::npos);
}

TEST_CASE("regression: curl repeated a GET with a body as a POST, and refused a HEAD with one") {
  CHECK(Curl({.body = {"x"}}).starts_with("curl -i -X 'GET' "));
  CHECK(Curl({.method = "HEAD", .body = {"x"}}) == Curl({.method = "HEAD"}));
}

TEST_CASE("regression: curl changed targets with brackets or dot segments") {
  CHECK(Curl({.target = "/{a,b}"}).ends_with(" -g 'http://localhost:8080/{a,b}'"));
  CHECK(Curl({.target = "/[1-3]"}).ends_with(" -g 'http://localhost:8080/[1-3]'"));
  CHECK(Curl({.target = "/a/../b"}).ends_with(" --path-as-is 'http://localhost:8080/a/../b'"));
  CHECK(Curl({.method = "OPTIONS", .target = "*"})
            .ends_with(" --request-target '*' 'http://localhost:8080'"));
}

TEST_CASE("a curl line says when it has only a part of the body") {
  CHECK(
      Curl({.method = "PUT", .body = {"abc", 10}}).ends_with("  # the body's first 3 of 10 bytes"));
}

TEST_CASE("a curl line has the token's name in place of the token") {
  TestEmulator ask;
  ask(kExamplePath, "reader-token");
  const journal::RecordedEntry recorded = ask.worlds.Default()->journal->Read().back();
  CHECK(CurlLine(recorded.entry, "http://e") ==
        "curl -i -H 'Authorization: Bearer reader' -H 'Accept:' 'http://e" + kExamplePath + "'");
}

TEST_CASE("an explanation has steps, and for a refusal a source and a hint") {
  TestEmulator ask;
  ask("/nothing?x");
  const journal::RecordedEntry recorded = ask.worlds.Default()->journal->Read().back();
  const std::string id = std::to_string(recorded.entry.id);
  const std::string source =
      R"({"mark":"U","where":"the emulator","sentence":"The vendor documents no answer for this case; )"
      R"(the emulator keeps its envelope."})";
  CHECK(RenderWhy(recorded.entry).dump() ==
        R"({"id":)" + id +
            R"(,"method":"GET","target":"/nothing?x","status":404,"gate":"route",)"
            R"("reason":"route-unknown","summary":"404 at the gate route: route-unknown.",)"
            R"("steps":[{"gate":"route","verdict":"refused",)"
            R"("expected":"a path and a method that the emulator serves","found":"GET /nothing?x",)"
            R"("source":)" +
            source + R"(}],"source":)" + source + R"(,"hint":)" +
            nlohmann::json(std::string(api::reasons::kRouteUnknown.hint)).dump() +
            R"(,"contractWarnings":[]})");

  ask(kExamplePath, "reader-token");
  const auto why = RenderWhy(ask.worlds.Default()->journal->Read().back().entry);
  for (const char* name : {"reason", "source", "hint"}) CHECK_FALSE(why.contains(name));
  CHECK(why["steps"].size() == 8);
  CHECK(why["contractWarnings"].size() == 2);
  CHECK(why["contractWarnings"][0]["code"] == "accept-missing");
  CHECK(why["contractWarnings"][0]["outsideContract"] == true);
  CHECK(why["contractWarnings"][0]["source"]["mark"] == "D");
}
