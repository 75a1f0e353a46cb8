#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>

#include "support/test_emulator.h"

using namespace emulator;
using namespace emulator::control;
using namespace std::chrono_literals;
using nlohmann::json;

namespace {

constexpr const char* kRequests = "/_emulator/requests";

json ReadJournal(TestEmulator& ask, const std::string& query = "") {
  const http::Response response = ask("GET", kRequests + query, "");
  REQUIRE_MESSAGE(response.status == 200, response.body);
  return BodyOf(response);
}

// The statuses of the requests that a query finds, parted by spaces.
std::string Statuses(TestEmulator& ask, const std::string& query = "") {
  std::string text;
  const json body = ReadJournal(ask, query);
  for (const json& request : body["requests"])
    text.append(text.empty() ? "" : " ").append(request["status"].dump());
  return text;
}

uint64_t IdOf(const http::Response& response) {
  return std::stoull(HeaderOf(response, "X-Emulator-Request-Id"));
}

// 200 404 403 401 401 404 0, of three clients; the last but one of no operation.
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

// A stream without a socket.
struct Stream {
  explicit Stream(TestEmulator& ask, const std::string& query = "",
                  const http::Headers& headers = {}, const std::string& sandbox = "")
      : response(ask(http::Request{.method = "GET",
                                   .target = sandbox + kRequests + "/stream" + query,
                                   .headers = headers})) {
    REQUIRE_MESSAGE(response.status == 200, response.body);
    REQUIRE(response.pending);
    REQUIRE(response.pending->next_chunk);
  }

  std::optional<std::string> Next() { return response.pending->next_chunk(); }
  // The ids of the events of the next piece, parted by spaces.
  std::string NextIds() {
    std::istringstream lines(Next().value_or(""));
    std::string ids;
    for (std::string line; std::getline(lines, line);)
      if (line.starts_with("id: ")) ids.append(ids.empty() ? "" : " ").append(line.substr(4));
    return ids;
  }
  bool HasMore() const { return response.pending->until <= RealNow(); }

  http::Response response;
};

constexpr const char* kHeartbeat = ":\n\n";
constexpr const char* kReset = "event: reset\ndata: {}\n\n";

}  // namespace

TEST_CASE("the journal is listed by id, with what became of each request") {
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

TEST_CASE("the journal is filtered by each of its filters, and by several together") {
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

TEST_CASE("without since the newest are told, with since the first after it, page by page") {
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

TEST_CASE("bad values and unknown names of the journal's filters are refused by name") {
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

TEST_CASE("one request is told by its id, in its own World only") {
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

TEST_CASE("the emulator's own calls have ids that no journal has; nor has it other words") {
  TestEmulator ask;
  const uint64_t own = IdOf(ask("/_emulator/clock"));
  for (const std::string& id :
       {std::to_string(own), std::string("0"), std::string("-1"), std::string("abc"),
        std::string("1x"), std::string("%FF%00"), std::string("99999999999999999999")}) {
    for (const char* behind : {"", "/why"}) {
      const http::Response response = ask("GET", kRequests + ("/" + id) + behind, "");
      INFO(id);
      CHECK(response.status == 404);
      CHECK(MessageOf(response).find("0 were dropped for want of room (--journal-bytes); calls of "
                                     "the emulator's own are never in it.") != std::string::npos);
    }
  }
}

TEST_CASE("what was dropped for want of room is counted, and told to who looks for it") {
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
  CHECK(MessageOf(gone).find(" " + std::to_string(51 - kept) + " were dropped") !=
        std::string::npos);
}

TEST_CASE("with a journal of no bytes all is counted and nothing kept") {
  TestEmulator ask({}, {.journal_bytes = 0});
  ask("/nothing");
  const json body = ReadJournal(ask);
  CHECK(body["total"] == 1);
  CHECK(body["requests"].empty());
}

TEST_CASE("the journal is emptied, counts and ids go on") {
  TestEmulator ask;
  const uint64_t first = IdOf(ask("/nothing"));
  ask("/_sandbox/a/nothing");
  CHECK(ask("DELETE", kRequests, "").status == 204);
  CHECK(ReadJournal(ask) == json{{"requests", json::array()}, {"total", 1}, {"dropped", 0}});
  CHECK(IdOf(ask("/nothing")) > first);
  CHECK(ReadJournal(ask)["total"] == 2);
  CHECK(BodyOf(ask(std::string("/_sandbox/a") + kRequests))["requests"].size() == 1);
}

TEST_CASE("why is told as JSON, and as text to who asks for it") {
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

TEST_CASE("bytes of an id that are no text spoil neither the journal nor a why nor a stream") {
  TestEmulator ask;
  Stream stream(ask);
  const uint64_t id = IdOf(ask("/export/connections/%FF%00%C3", "reader-token"));
  CHECK(ReadJournal(ask)["requests"][0]["connectionId"] ==
        std::string("\xef\xbf\xbd\0\xef\xbf\xbd", 7));
  CHECK(ask("GET", kRequests + ("/" + std::to_string(id)) + "/why", "").status == 200);
  CHECK(stream.NextIds() == std::to_string(id));
}

TEST_CASE("no token is in any answer about requests") {
  TestEmulator ask;
  Stream stream(ask);
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

TEST_CASE("a stream begins with how soon to come back, and tells what comes from then on") {
  TestEmulator ask;
  ask("/nothing");
  Stream stream(ask);
  CHECK(HeaderOf(stream.response, "Content-Type") == "text/event-stream");
  CHECK(HeaderOf(stream.response, "Cache-Control") == "no-store");
  CHECK(stream.response.body == "retry: 1000\n\n");
  CHECK(stream.HasMore());  // it is looked for at once
  CHECK(stream.Next() == kHeartbeat);

  const std::string id = std::to_string(IdOf(ask(kExamplePath, "reader-token")));
  const std::string event = stream.Next().value_or("");
  const std::string head = "id: " + id + "\nevent: request\ndata: ";
  REQUIRE(event.starts_with(head));
  REQUIRE(event.ends_with("\n\n"));
  CHECK(json::parse(event.substr(head.size())) == BodyOf(ask(kRequests + ("/" + id))));
  CHECK(std::count(event.begin(), event.end(), '\n') == 4);
  CHECK(stream.Next() == kHeartbeat);
}

TEST_CASE("a stream without news says so every 15 seconds") {
  TestEmulator ask;
  Stream stream(ask);
  const RealTime before = RealNow();
  CHECK(stream.Next() == kHeartbeat);
  CHECK(stream.response.pending->until >= before + 15s);
  CHECK(stream.response.pending->until <= RealNow() + 15s);
}

TEST_CASE("a stream is rung for once by each news, however often it looked in between") {
  TestEmulator ask;
  Stream stream(ask);
  int rings = 0;
  stream.response.pending->waker->SetCallback([&] { ++rings; });
  for (int i = 0; i < 5; ++i) stream.Next();
  ask("/nothing");
  CHECK(rings == 1);
  stream.Next();
  ask("/nothing");
  CHECK(rings == 2);
  ask("/_sandbox/other/nothing");
  CHECK(rings == 2);
}

TEST_CASE("a stream goes on from Last-Event-ID, else from since, else from now on") {
  TestEmulator ask;
  const std::string a = std::to_string(IdOf(ask("/a")));
  const std::string b = std::to_string(IdOf(ask("/b")));
  const std::string c = std::to_string(IdOf(ask("/c")));
  const http::Headers had_b{{"last-event-id", b}};
  CHECK(Stream(ask, "", had_b).NextIds() == c);
  CHECK(Stream(ask, "?since=" + a).NextIds() == b + " " + c);
  CHECK(Stream(ask, "?since=" + a, had_b).NextIds() == c);
  CHECK(Stream(ask, "?since=0").NextIds() == a + " " + b + " " + c);
  CHECK(Stream(ask, "", {{"Last-Event-ID", c}}).NextIds() == "");
  CHECK(Stream(ask).NextIds() == "");
  // What is no id of ours was had of somebody else.
  CHECK(Stream(ask, "", {{"Last-Event-ID", "x"}}).NextIds() == "");
}

TEST_CASE("a Last-Event-ID that is no id made a stream forget its since") {
  TestEmulator ask;
  const std::string id = std::to_string(IdOf(ask("/a")));
  CHECK(Stream(ask, "?since=0", {{"Last-Event-ID", ""}}).NextIds() == id);
}

TEST_CASE("a stream tells only what its filters let through") {
  TestEmulator ask;
  Stream refused(ask, "?status=4xx&client=premium-app");
  Stream expired(ask, "?reason=token-expired");
  Stream operation(ask, "?operation=get-export-connection");
  const std::string ok = std::to_string(IdOf(ask(kExamplePath, "reader-token")));
  const std::string old = std::to_string(IdOf(ask(kExamplePath, "expired-token")));
  ask("/nothing");
  CHECK(refused.NextIds() == old);
  CHECK(expired.NextIds() == old);
  CHECK(operation.NextIds() == ok + " " + old);
  ask("/nothing");
  CHECK(refused.Next() == kHeartbeat);
}

TEST_CASE("a stream tells at most 50 at once, and is looked at again at once for more") {
  TestEmulator ask;
  Stream stream(ask, "?since=0");
  for (int i = 0; i < 120; ++i) ask("/nothing");
  const auto count = [&] {
    const std::string ids = stream.NextIds();
    return ids.empty() ? 0 : std::count(ids.begin(), ids.end(), ' ') + 1;
  };
  CHECK(count() == 50);
  CHECK(stream.HasMore());
  CHECK(count() == 50);
  CHECK(stream.HasMore());
  CHECK(count() == 20);
  CHECK_FALSE(stream.HasMore());
  CHECK(count() == 0);
}

TEST_CASE("a stream ends with an event when its World is reset or dropped, after all there was") {
  TestEmulator ask;
  Stream stream(ask);
  Stream sandboxed(ask, "", {}, "/_sandbox/a");
  int rings = 0;
  stream.Next();
  stream.response.pending->waker->SetCallback([&] { ++rings; });
  const std::string id = std::to_string(IdOf(ask("/nothing")));
  CHECK(ask("POST", "/_emulator/reset", "").status == 204);
  CHECK(rings == 1);  // by the request; the bell was not given again
  const std::string last = stream.Next().value_or("");
  CHECK(last.starts_with("id: " + id + "\nevent: request\n"));
  CHECK(last.ends_with(kReset));
  CHECK(stream.HasMore());
  CHECK_FALSE(stream.Next());
  CHECK_FALSE(stream.Next());

  CHECK(sandboxed.Next() == kHeartbeat);
  CHECK(ask("DELETE", "/_emulator/sandboxes/a", "").status == 204);
  CHECK(sandboxed.Next() == kReset);
  CHECK_FALSE(sandboxed.Next());
  CHECK(Stream(ask).Next() == kHeartbeat);
}

TEST_CASE("a reset rings for a stream that waits") {
  TestEmulator ask;
  Stream stream(ask);
  stream.Next();
  int rings = 0;
  stream.response.pending->waker->SetCallback([&] { ++rings; });
  ask("POST", "/_emulator/reset", "");
  CHECK(rings == 1);
}

TEST_CASE("a stream whose client is gone keeps nothing") {
  TestEmulator ask;
  std::weak_ptr<http::Waker> waker;
  {
    Stream stream(ask);
    stream.Next();
    waker = stream.response.pending->waker;
  }
  CHECK(waker.expired());
  CHECK(ask("/nothing").status == 404);
}
