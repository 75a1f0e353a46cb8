#include "control/request_stream.h"

#include <algorithm>
#include <nlohmann/json.hpp>

using namespace emulator;
using namespace emulator::control;
using namespace std::chrono_literals;
using nlohmann::json;

namespace {

constexpr const char* kHeartbeat = ":\n\n";
constexpr const char* kReset = "event: reset\ndata: {}\n\n";

}  // namespace

TEST_CASE("a stream begins with a retry time, then has each new entry") {
  TestEmulator ask;
  ask("/nothing");
  RequestStream stream(ask);
  CHECK(HeaderOf(stream.response, "Content-Type") == "text/event-stream");
  CHECK(HeaderOf(stream.response, "Cache-Control") == "no-store");
  CHECK(stream.response.body == "retry: 1000\n\n");
  CHECK(stream.HasMore());  // the next piece is due at once
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

TEST_CASE("a stream without new entries sends a heartbeat every 15 seconds") {
  TestEmulator ask;
  RequestStream stream(ask);
  const RealTime before = RealNow();
  CHECK(stream.Next() == kHeartbeat);
  CHECK(stream.response.pending->until >= before + 15s);
  CHECK(stream.response.pending->until <= RealNow() + 15s);
}

TEST_CASE("each new entry wakes a stream once, however often it was polled") {
  TestEmulator ask;
  RequestStream stream(ask);
  int wakeups = 0;
  stream.response.pending->waker->SetCallback([&] { ++wakeups; });
  for (int i = 0; i < 5; ++i) stream.Next();
  ask("/nothing");
  CHECK(wakeups == 1);
  stream.Next();
  ask("/nothing");
  CHECK(wakeups == 2);
  ask("/_sandbox/other/nothing");
  CHECK(wakeups == 2);
}

TEST_CASE("a stream starts after Last-Event-ID, else after since, else now") {
  TestEmulator ask;
  const std::string a = std::to_string(IdOf(ask("/a")));
  const std::string b = std::to_string(IdOf(ask("/b")));
  const std::string c = std::to_string(IdOf(ask("/c")));
  const http::Headers had_b{{"last-event-id", b}};
  CHECK(RequestStream(ask, "", had_b).NextIds() == c);
  CHECK(RequestStream(ask, "?since=" + a).NextIds() == b + " " + c);
  CHECK(RequestStream(ask, "?since=" + a, had_b).NextIds() == c);
  CHECK(RequestStream(ask, "?since=0").NextIds() == a + " " + b + " " + c);
  CHECK(RequestStream(ask, "", {{"Last-Event-ID", c}}).NextIds() == "");
  CHECK(RequestStream(ask).NextIds() == "");
  // An id that the emulator did not issue is ignored.
  CHECK(RequestStream(ask, "", {{"Last-Event-ID", "x"}}).NextIds() == "");
}

TEST_CASE("regression: an invalid Last-Event-ID made a stream ignore since") {
  TestEmulator ask;
  const std::string id = std::to_string(IdOf(ask("/a")));
  CHECK(RequestStream(ask, "?since=0", {{"Last-Event-ID", ""}}).NextIds() == id);
}

TEST_CASE("a stream has only the entries that match its filters") {
  TestEmulator ask;
  RequestStream refused(ask, "?status=4xx&client=premium-app");
  RequestStream expired(ask, "?reason=token-expired");
  RequestStream operation(ask, "?operation=get-export-connection");
  const std::string ok = std::to_string(IdOf(ask(kExamplePath, "reader-token")));
  const std::string old = std::to_string(IdOf(ask(kExamplePath, "expired-token")));
  ask("/nothing");
  CHECK(refused.NextIds() == old);
  CHECK(expired.NextIds() == old);
  CHECK(operation.NextIds() == ok + " " + old);
  ask("/nothing");
  CHECK(refused.Next() == kHeartbeat);
}

TEST_CASE("a stream sends at most 50 entries in one piece, and the next piece at once") {
  TestEmulator ask;
  RequestStream stream(ask, "?since=0");
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

TEST_CASE("a stream ends with an event, after all entries, when its world is reset or deleted") {
  TestEmulator ask;
  RequestStream stream(ask);
  RequestStream sandboxed(ask, "", {}, "/_sandbox/a");
  int wakeups = 0;
  stream.Next();
  stream.response.pending->waker->SetCallback([&] { ++wakeups; });
  const std::string id = std::to_string(IdOf(ask("/nothing")));
  CHECK(ask("POST", "/_emulator/reset", "").status == 204);
  CHECK(wakeups == 1);  // by the request; the waker was not registered again
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
  CHECK(RequestStream(ask).Next() == kHeartbeat);
}

TEST_CASE("a reset wakes a waiting stream") {
  TestEmulator ask;
  RequestStream stream(ask);
  stream.Next();
  int wakeups = 0;
  stream.response.pending->waker->SetCallback([&] { ++wakeups; });
  ask("POST", "/_emulator/reset", "");
  CHECK(wakeups == 1);
}

TEST_CASE("a stream whose client is gone holds no resources") {
  TestEmulator ask;
  std::weak_ptr<http::Waker> waker;
  {
    RequestStream stream(ask);
    stream.Next();
    waker = stream.response.pending->waker;
  }
  CHECK(waker.expired());
  CHECK(ask("/nothing").status == 404);
}
