#include <algorithm>
#include <nlohmann/json.hpp>

#include "control/request_stream.h"

using namespace emulator;
using namespace emulator::control;
using nlohmann::json;

namespace {

json ReadJournal(TestEmulator& ask, const std::string& query = "") {
  const http::Response response = ask("GET", kRequests + query, "");
  REQUIRE_MESSAGE(response.status == 200, response.body);
  return BodyOf(response);
}

// The statuses of the requests that a query finds, separated by spaces.
std::string Statuses(TestEmulator& ask, const std::string& query = "") {
  std::string text;
  const json body = ReadJournal(ask, query);
  for (const json& request : body["requests"])
    text.append(text.empty() ? "" : " ").append(request["status"].dump());
  return text;
}

// Statuses 200 404 403 401 401 404 0, of three clients; the sixth is of no operation.
void AskSeven(TestEmulator& ask) {
  ask(kExamplePath, "reader-token");
  ask("/export/connections/none", "reader-token");
  ask("/export/connections/private-connection", "trial-token");
  ask(kExamplePath, "expired-token");
  ask(kExamplePath);
  ask("/nothing", "trial-token");
  REQUIRE(
      ask("POST", "/_emulator/faults", R"({"then": {"connection": "EMPTY_RESPONSE"}})").status ==
      201);
  ask(kExamplePath, "trial-token");
  REQUIRE(ask("DELETE", "/_emulator/faults", "").status == 204);
}

}  // namespace

TEST_CASE("the journal lists each request with its answer, by id") {
  TestEmulator ask;
  CHECK(ReadJournal(ask) == json{{"requests", json::array()}, {"total", 0}, {"dropped", 0}});
  AskSeven(ask);
  const json body = ReadJournal(ask);
  CHECK(body["total"] == 7);
  CHECK(body["dropped"] == 0);
  CHECK(Statuses(ask) == "200 404 403 401 401 404 0");
  const json& first = body["requests"][0];
  CHECK(first["target"] == kExamplePath);
  CHECK(first["token"] == "reader");
  CHECK(first["time"] == "2026-11-24T12:00:00.000Z");
  CHECK(first["answer"]["body"] == Golden("get-export-connection", 200));
  CHECK(body["requests"][3]["reason"] == "token-expired");
}

TEST_CASE("the journal is filtered by each parameter, and by several together") {
  TestEmulator ask;
  AskSeven(ask);
  const std::pair<const char*, const char*> rows[] = {
      {"?status=404", "404 404"},
      {"?status=4xx", "404 403 401 401 404"},
      {"?status=2xx", "200"},
      {"?status=0", "0"},
      {"?status=5xx", ""},
      {"?operation=get-export-connection", "200 404 403 401 401 0"},
      {"?operation=other", ""},
      {"?client=premium-app", "200 404 401"},
      {"?client=trial-app", "403 0"},
      {"?client=Trial-App", ""},
      {"?reason=token-expired", "401"},
      {"?reason=fault-planned", "0"},
      {"?status=4xx&client=premium-app", "404 401"},
      {"?STATUS=4xx&client=premium-app&reason=connection-unknown", "404"},
      {"?status=200&client=trial-app", ""},
      {"?status=4xx&limit=2", "401 404"},
  };
  for (const auto& row : rows) {
    INFO(std::string(row.first));
    CHECK(Statuses(ask, row.first) == row.second);
  }
}

TEST_CASE("the journal answers the newest entries, or with since the next page") {
  TestEmulator ask;
  for (int i = 0; i < 130; ++i) ask("/nothing");
  CHECK(ReadJournal(ask)["requests"].size() == 100);
  CHECK(ReadJournal(ask, "?limit=1000")["requests"].size() == 130);
  const json newest = ReadJournal(ask, "?limit=3")["requests"];
  REQUIRE(newest.size() == 3);
  const uint64_t last = newest[2]["id"];
  CHECK(newest[0]["id"] == last - 2);

  std::vector<uint64_t> seen;
  for (uint64_t since = 0;;) {
    const json page = ReadJournal(ask, "?limit=50&since=" + std::to_string(since))["requests"];
    if (page.empty()) break;
    for (const json& request : page) seen.push_back(request["id"]);
    since = seen.back();
  }
  CHECK(seen.size() == 130);
  CHECK(std::is_sorted(seen.begin(), seen.end()));
  CHECK(seen.back() == last);
  CHECK(ReadJournal(ask, "?since=18446744073709551615")["requests"].empty());
}

TEST_CASE("invalid and unknown parameters of the journal are refused by name") {
  TestEmulator ask;
  struct Row {
    const char* query;
    const char* message;
    const char* target;
  };
  const Row rows[] = {
      {"?since=x", R"(The query parameter "since" is "x"; wanted: the id of a request)", "since"},
      {"?since=-1", "wanted: the id of a request", "since"},
      {"?limit=0", "wanted: a whole number from 1 to 1000.", "limit"},
      {"?limit=1001", "wanted: a whole number from 1 to 1000.", "limit"},
      {"?limit=1.5", "wanted: a whole number from 1 to 1000.", "limit"},
      {"?status=4x", "wanted: a status such as 401, 4xx, or 0", "status"},
      {"?status=600", "wanted: a status such as 401, 4xx, or 0", "status"},
      {"?status=", "is empty; leave it out.", "status"},
      {"?satus=404", "Did you mean \"status\"?", "satus"},
      {"?limit=1&limit=2", "given twice", "limit"},
  };
  for (const Row& row : rows) {
    const http::Response response = ask("GET", std::string(kRequests) + row.query, "");
    INFO(std::string(row.query) << " " << response.body);
    CHECK(response.status == 422);
    CHECK(MessageOf(response).find(row.message) != std::string::npos);
    CHECK(BodyOf(response)["error"]["target"] == row.target);
  }
  for (const char* query : {"?since=x", "?status=4x", "?limit=3", "?method=GET"})
    CHECK(ask(std::string(kRequests) + "/stream" + query).status == 422);
}

TEST_CASE("an entry is read by its id, only in its own world") {
  TestEmulator ask;
  const uint64_t id = IdOf(ask("/export/connections/none", "reader-token"));
  const std::string target = kRequests + std::string("/") + std::to_string(id);
  const json request = BodyOf(ask("GET", target, ""));
  CHECK(request["id"] == id);
  CHECK(request["reason"] == "connection-unknown");
  CHECK(request["why"] == "http://emulator.test" + target + "/why");
  CHECK(ask("GET", "/_sandbox/a" + target, "").status == 404);

  const uint64_t within = IdOf(ask("/_sandbox/a/export/connections/b", "reader-token"));
  const std::string there = "/_sandbox/a" + std::string(kRequests) + "/" + std::to_string(within);
  const json sandboxed = BodyOf(ask("GET", there, ""));
  CHECK(sandboxed["why"] == "http://emulator.test" + there + "/why");
  CHECK(sandboxed["curl"].get<std::string>().ends_with(
      " 'http://emulator.test/_sandbox/a/export/connections/b'"));
}

TEST_CASE("ids of control calls and invalid ids are not in the journal") {
  TestEmulator ask;
  const uint64_t own = IdOf(ask("/_emulator/clock"));
  for (const std::string& id :
       {std::to_string(own), std::string("0"), std::string("-1"), std::string("abc"),
        std::string("1x"), std::string("%FF%00"), std::string("99999999999999999999")}) {
    for (const char* behind : {"", "/why"}) {
      const http::Response response = ask("GET", kRequests + ("/" + id) + behind, "");
      INFO(id);
      CHECK(response.status == 404);
      CHECK(MessageOf(response).find(
                "It has dropped 0 requests because it was full (--journal-bytes)") !=
            std::string::npos);
    }
  }
}

TEST_CASE("dropped entries are counted, and the 404 for one says so") {
  TestEmulator ask({}, {.journal_bytes = 8192});
  const uint64_t first = IdOf(ask("/nothing"));
  for (int i = 0; i < 50; ++i) ask("/nothing");
  const json body = ReadJournal(ask);
  CHECK(body["total"] == 51);
  const size_t kept = body["requests"].size();
  CHECK(kept > 0);
  CHECK(body["dropped"] == 51 - kept);
  const http::Response gone = ask("GET", kRequests + ("/" + std::to_string(first)), "");
  CHECK(gone.status == 404);
  CHECK(MessageOf(gone).find(" dropped " + std::to_string(51 - kept) + " requests") !=
        std::string::npos);
}

TEST_CASE("a journal of 0 bytes counts requests and keeps none") {
  TestEmulator ask({}, {.journal_bytes = 0});
  ask("/nothing");
  const json body = ReadJournal(ask);
  CHECK(body["total"] == 1);
  CHECK(body["requests"].empty());
}

TEST_CASE("emptying the journal keeps its counts and ids") {
  TestEmulator ask;
  const uint64_t first = IdOf(ask("/nothing"));
  ask("/_sandbox/a/nothing");
  CHECK(ask("DELETE", kRequests, "").status == 204);
  CHECK(ReadJournal(ask) == json{{"requests", json::array()}, {"total", 1}, {"dropped", 0}});
  CHECK(IdOf(ask("/nothing")) > first);
  CHECK(ReadJournal(ask)["total"] == 2);
  CHECK(BodyOf(ask(std::string("/_sandbox/a") + kRequests))["requests"].size() == 1);
}

TEST_CASE("an explanation is JSON, or text on request") {
  TestEmulator ask;
  const uint64_t id = IdOf(ask(kExamplePath, "expired-token"));
  const std::string target = kRequests + ("/" + std::to_string(id)) + "/why";
  const json why = BodyOf(ask("GET", target, ""));
  CHECK(why["reason"] == "token-expired");
  CHECK(why["steps"].size() == 3);

  http::Request request = Get(target);
  request.headers.Add("Accept", "text/plain, */*;q=0.1");
  const http::Response text = ask(request);
  CHECK(text.status == 200);
  CHECK(HeaderOf(text, "Content-Type") == "text/plain; charset=utf-8");
  CHECK(text.body.starts_with("#" + std::to_string(id) + "  GET " + kExamplePath + "\n"));
}

TEST_CASE("an id that is not UTF-8 is replaced in the journal, the explanation and the stream") {
  TestEmulator ask;
  RequestStream stream(ask);
  const uint64_t id = IdOf(ask("/export/connections/%FF%00%C3", "reader-token"));
  CHECK(ReadJournal(ask)["requests"][0]["connectionId"] ==
        std::string("\xef\xbf\xbd\0\xef\xbf\xbd", 7));
  CHECK(ask("GET", kRequests + ("/" + std::to_string(id)) + "/why", "").status == 200);
  CHECK(stream.NextIds() == std::to_string(id));
}

TEST_CASE("no token is in any answer about requests") {
  TestEmulator ask;
  RequestStream stream(ask);
  http::Request request =
      Get(kExamplePath + "?q=reader-token&access_token=other-secret", "reader-token");
  request.headers.Add("X-Copy", "reader-token");
  request.headers.Add("Cookie", "session=third-secret");
  request.body = "reader-token";
  const std::string id = std::to_string(IdOf(ask(request)));
  http::Request as_text = Get(kRequests + ("/" + id) + "/why");
  as_text.headers.Add("Accept", "text/plain");
  for (const std::string& text :
       {ask(kRequests).body, ask(kRequests + ("/" + id)).body, ask(as_text).body,
        ask(kRequests + ("/" + id) + "/why").body, stream.Next().value_or("")}) {
    CHECK(text.find("reader") != std::string::npos);
    for (const char* secret : {"reader-token", "other-secret", "third-secret"})
      CHECK(text.find(secret) == std::string::npos);
  }
}
