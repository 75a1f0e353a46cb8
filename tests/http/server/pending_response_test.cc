// Responses that come later and streamed responses (PendingResponse), over real sockets.
#include <atomic>
#include <condition_variable>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/real_time.h"
#include "http/server/http_server.h"
#include "support/test_server.h"
#include "support/wire.h"

using namespace emulator;
using namespace emulator::http;
using namespace emulator::http::server;
using namespace std::chrono_literals;

namespace {

constexpr auto kEventGuard = 10s;

// Stands for a journal: events, and the wakers of the requests that wait for them.
class EventFeed {
 public:
  // "/wait": the number of events, as soon as there is one or after `patience`. "/follow": all
  // events, one a line, as they come; "." is the last. Other paths: at once.
  HttpServer::Handler Handler() {
    return [this](const Request& request) {
      if (request.Path() == "/wait") return Wait(request);
      if (request.Path() == "/follow") return Follow();
      return TestServer::Echo(request);
    };
  }

  void Publish(const std::string& text) {
    const std::lock_guard lock(mutex_);
    events_.push_back(text);
    for (const auto& weak : wakers_)
      if (const auto waker = weak.lock()) waker->Wake();
  }

  // Waits until `retry` and `next_chunk` (and the first call) ran so many times.
  void AwaitCalls(int count) {
    std::unique_lock lock(mutex_);
    REQUIRE(called_.wait_for(lock, kEventGuard, [&] { return calls_ >= count; }));
  }
  int calls() const {
    const std::lock_guard lock(mutex_);
    return calls_;
  }
  std::vector<RealTime> arrivals() const {
    const std::lock_guard lock(mutex_);
    return arrivals_;
  }

  RealTime::duration patience = 1h;
  RealTime::duration heartbeat = 1h;  // a stream sends "*" after so long without events

 private:
  std::shared_ptr<Waker> NewWaker() {
    auto waker = std::make_shared<Waker>();
    const std::lock_guard lock(mutex_);
    wakers_.push_back(waker);
    return waker;
  }
  void CountCall() {
    ++calls_;
    called_.notify_all();
  }

  Response Wait(const Request& request) {
    auto waker = NewWaker();
    const std::lock_guard lock(mutex_);
    CountCall();
    arrivals_.push_back(request.arrived);
    if (!events_.empty() || RealNow() >= request.arrived + patience)
      return {.body = "events: " + std::to_string(events_.size()) + request.body};
    return {.body = "dropped",
            .pending = std::make_shared<PendingResponse>(
                PendingResponse{.waker = std::move(waker),
                                .until = request.arrived + patience,
                                .retry = [this, request] { return Wait(request); }})};
  }

  Response Follow() {
    auto pending = std::make_shared<PendingResponse>(
        PendingResponse{.waker = NewWaker(), .until = RealNow() + heartbeat});
    pending->next_chunk = [this, sent = size_t{0},
                           &until = pending->until]() mutable -> std::optional<std::string> {
      const std::lock_guard lock(mutex_);
      CountCall();
      const auto is_over = [&] { return sent > 0 && events_[sent - 1] == "."; };
      if (is_over()) return std::nullopt;
      std::string text;
      while (sent < events_.size()) text += events_[sent++] + "\n";
      if (text.empty() && RealNow() >= until) text = "*\n";
      until = is_over() ? RealNow() : RealNow() + heartbeat;
      return text;
    };
    return {
        .headers = {{"Content-Type", "text/event-stream"}}, .body = "hello\n", .pending = pending};
  }

  mutable std::mutex mutex_;
  std::condition_variable called_;
  std::vector<std::string> events_;
  std::vector<std::weak_ptr<Waker>> wakers_;
  std::vector<RealTime> arrivals_;
  int calls_ = 0;
};

std::string ReadLines(Wire& wire, const std::string& expected) {
  std::string got;
  while (got.size() < expected.size()) {
    const std::string piece = wire.ReadSome();
    if (piece.empty()) break;
    got += piece;
  }
  return got;
}

}  // namespace

TEST_CASE("a pending request is answered when there is an event") {
  EventFeed feed;
  const TestServer test({}, feed.Handler());
  Wire wire = test.Connect();
  wire.Send(Ask("/wait", "Content-Length: 2\r\n", "POST") + "ab");
  feed.AwaitCalls(1);
  feed.Publish("x");
  const std::string response = wire.ReadAnswer();
  CHECK(StatusOf(response) == 200);
  CHECK(BodyOf(response) == "events: 1ab");
  CHECK(BodyOf(wire.Send(Ask("/now")).ReadAnswer()) == "GET /now ");
}

TEST_CASE("a pending request is retried when its time has come, with its first time of arrival") {
  EventFeed feed;
  feed.patience = 20ms;
  const TestServer test({}, feed.Handler());
  for (const char* request : {"GET /wait HTTP/1.1\r\nHost: a\r\n\r\n", "GET /wait HTTP/1.0\r\n\r\n",
                              "HEAD /wait HTTP/1.1\r\nHost: a\r\n\r\n"}) {
    const RealTime start = RealNow();
    const bool head = std::string(request).starts_with("HEAD");
    const std::string response = test.Connect().Send(request).ReadAnswer(head);
    CHECK(RealNow() - start >= 20ms);
    CHECK(response.find("Content-Length: 9\r\n") != std::string::npos);
    CHECK(BodyOf(response) == (head ? "" : "events: 0"));
  }
  const auto arrivals = feed.arrivals();
  REQUIRE(arrivals.size() >= 6);
  CHECK(arrivals[0] == arrivals[1]);
  CHECK(arrivals[0] < arrivals.back());
  CHECK(arrivals.back() == arrivals[arrivals.size() - 2]);
}

TEST_CASE("requests after a pending one are answered after it") {
  EventFeed feed;
  const TestServer test({}, feed.Handler());
  Wire wire = test.Connect();
  wire.Send(Ask("/wait") + Ask("/1") + Ask("/wait"));
  feed.AwaitCalls(1);
  wire.Send(Ask("/2", "Connection: close\r\n"));
  feed.Publish("x");
  for (const char* body : {"events: 1", "GET /1 ", "events: 1", "GET /2 "})
    CHECK(BodyOf(wire.ReadAnswer()) == body);
  CHECK(wire.IsClosed());
}

TEST_CASE("a client that disconnects from a pending or streamed response makes room for another") {
  HttpServer::Limits limits;
  limits.connections = 1;
  EventFeed feed;
  const TestServer test(limits, feed.Handler());
  int calls = 0;
  for (const char* target : {"/wait", "/follow"}) {
    for (const bool reset : {true, false}) {
      std::optional<Wire> client;
      int status = 0;
      for (int tries = 0; tries < 100'000 && status != 200; ++tries) {
        client.reset();
        client.emplace(test.Connect());
        status = StatusOf(client->Send(Ask("/now")).ReadAnswer());
      }
      REQUIRE(status == 200);
      client->Send(Ask(target));
      if (target == std::string("/wait"))
        feed.AwaitCalls(++calls);
      else
        CHECK(StatusOf(client->ReadAnswer(true)) == 200);
      if (reset) client->Reset();
    }
  }
}

TEST_CASE("concurrency: pending requests hold no thread, and one event answers all") {
  EventFeed feed;
  const TestServer test(FewThreads(), feed.Handler());
  std::vector<Wire> waiting;
  for (int i = 0; i < 200; ++i) waiting.push_back(test.Connect());
  for (Wire& wire : waiting) wire.Send(Ask("/wait"));
  feed.AwaitCalls(200);
  for (int i = 0; i < 20; ++i)
    CHECK(BodyOf(test.Connect().Send(Ask("/now")).ReadAnswer()) == "GET /now ");
  feed.Publish("x");
  for (Wire& wire : waiting) CHECK(BodyOf(wire.ReadAnswer()) == "events: 1");
}

TEST_CASE("concurrency: an event between the first call and the wait is not lost") {
  for (int round = 0; round < 50; ++round) {
    EventFeed feed;
    const TestServer test({}, feed.Handler());
    Wire wire = test.Connect();
    wire.Send(Ask("/wait"));
    feed.Publish("x");
    CHECK(BodyOf(wire.ReadAnswer()) == "events: 1");
  }
}

TEST_CASE("concurrency: stopping refuses pending requests and ends streams") {
  EventFeed feed;
  TestServer test(FewThreads(), feed.Handler());
  std::vector<Wire> waiting, following;
  for (int i = 0; i < 50; ++i) {
    waiting.push_back(test.Connect());
    following.push_back(test.Connect());
  }
  for (Wire& wire : waiting) wire.Send(Ask("/wait"));
  feed.AwaitCalls(50);
  for (Wire& wire : following) {
    wire.Send(Ask("/follow"));
    CHECK(StatusOf(wire.ReadAnswer(true)) == 200);
  }
  const int calls = feed.calls();
  Wire head = test.Connect();
  head.Send(Ask("/wait", "", "HEAD"));
  feed.AwaitCalls(calls + 1);
  CHECK(test.server.Stop(kEventGuard));
  CHECK(feed.calls() == calls + 1);
  CHECK(StatusOf(head.ReadAnswer(true)) == 503);
  CHECK(head.IsClosed());
  for (Wire& wire : waiting) {
    const std::string response = wire.ReadAnswer();
    CHECK(StatusOf(response) == 503);
    CHECK(BodyOf(response) == "server-stopping");
    CHECK(wire.IsClosed());
  }
  for (Wire& wire : following) CHECK(wire.ReadAll() == "hello\n");
  feed.Publish("x");  // after the server has stopped
}

TEST_CASE("a streamed response has no length and ends with its connection") {
  for (const char* request :
       {"GET /follow HTTP/1.1\r\nHost: a\r\n\r\n", "GET /follow HTTP/1.0\r\n\r\n",
        "GET /follow HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"}) {
    INFO(request);
    EventFeed feed;
    const TestServer test({}, feed.Handler());
    Wire wire = test.Connect();
    // The second request is not answered, and does not turn the close into a reset.
    wire.Send(request + Ask("/now"));
    const std::string head = wire.ReadAnswer(true);
    CHECK(StatusOf(head) == 200);
    CHECK(head.find("Content-Type: text/event-stream\r\n") != std::string::npos);
    CHECK(head.find("Connection: close\r\n") != std::string::npos);
    CHECK(head.find("keep-alive") == std::string::npos);
    CHECK(head.find("Content-Length") == std::string::npos);
    CHECK(head.find("Transfer-Encoding") == std::string::npos);
    CHECK(ReadLines(wire, "hello\n") == "hello\n");
    feed.Publish("1");
    CHECK(ReadLines(wire, "1\n") == "1\n");
    feed.Publish("2");
    feed.Publish(".");
    CHECK(wire.ReadAll() == "2\n.\n");
    CHECK(wire.IsClosed());
  }
}

TEST_CASE("without a wake-up next_chunk is called each time `until` has come") {
  EventFeed feed;
  feed.heartbeat = 10ms;
  const TestServer test({}, feed.Handler());
  Wire wire = test.Connect();
  const RealTime start = RealNow();
  wire.Send(Ask("/follow")).ReadAnswer(true);
  CHECK(ReadLines(wire, "hello\n*\n*\n*\n").starts_with("hello\n*\n*\n*\n"));
  CHECK(RealNow() - start >= 30ms);
}

TEST_CASE("a streamed response may be delayed, and a broken one is not streamed") {
  EventFeed feed;
  const auto handler = feed.Handler();
  for (const bool breaks : {false, true}) {
    const TestServer test({}, [&](const Request& request) {
      Response response = handler(request);
      response.delivery.delay = 10ms;
      response.delivery.body_time = breaks ? 0ms : 10ms;
      if (breaks) response.delivery.connection_fault = ConnectionFault::kEmptyResponse;
      return response;
    });
    Wire wire = test.Connect();
    wire.Send(Ask("/follow"));
    if (breaks) {
      CHECK(wire.IsClosed());
    } else {
      wire.ReadAnswer(true);
      feed.Publish(".");
      CHECK(wire.ReadAll() == "hello\n.\n");
    }
  }
}

TEST_CASE(
    "concurrency: a client that does not read gets no further chunks until it does, and holds no "
    "thread") {
  const std::string large(1 << 20, 'x');
  std::atomic<int> chunks{0};
  auto waker = std::make_shared<Waker>();
  TestServer test(FewThreads(), [&](const Request& request) {
    if (request.target.starts_with("/now")) return TestServer::Echo(request);
    auto pending =
        std::make_shared<PendingResponse>(PendingResponse{.waker = waker, .until = RealNow()});
    pending->next_chunk = [&]() -> std::optional<std::string> {
      if (chunks == 64) return std::nullopt;
      ++chunks;
      return large;
    };
    return Response{.pending = std::move(pending)};
  });
  Wire slow = test.Connect();
  slow.Send(Ask("/follow"));
  CHECK(StatusOf(slow.ReadAnswer(true)) == 200);
  // There is always another chunk, until the socket has no room.
  int before = -1;
  for (int same = 0; same < 20;) {
    CHECK(BodyOf(test.Connect().Send(Ask("/now")).ReadAnswer()) == "GET /now ");
    waker->Wake();
    same = std::exchange(before, chunks.load()) == chunks ? same + 1 : 0;
  }
  CHECK(chunks < 64);
  CHECK(slow.ReadAll().size() == 64 * large.size());
  CHECK(chunks == 64);
}

TEST_CASE("concurrency: each event is sent once and in order, however many wake-ups there are") {
  EventFeed feed;
  const TestServer test(FewThreads(), feed.Handler());
  std::vector<Wire> following;
  for (int i = 0; i < 20; ++i) following.push_back(test.Connect());
  for (Wire& wire : following) {
    wire.Send(Ask("/follow"));
    CHECK(StatusOf(wire.ReadAnswer(true)) == 200);
  }
  std::string expected = "hello\n";
  for (int i = 0; i < 500; ++i) {
    feed.Publish(std::to_string(i));
    expected += std::to_string(i) + "\n";
  }
  feed.Publish(".");
  for (Wire& wire : following) CHECK(wire.ReadAll() == expected + ".\n");
}

TEST_CASE("concurrency: a server that stops during events ends") {
  for (int round = 0; round < 20; ++round) {
    EventFeed feed;
    TestServer test(FewThreads(), feed.Handler());
    std::vector<Wire> clients;
    for (int i = 0; i < 6; ++i) {
      clients.push_back(test.Connect());
      clients.back().Send(Ask(i % 2 ? "/wait" : "/follow"));
    }
    std::atomic<bool> done{false};
    std::thread publisher([&] {
      for (int i = 0; !done && i < 1000; ++i) feed.Publish("x");
    });
    if (round % 2) clients.erase(clients.begin(), clients.begin() + 3);
    CHECK(test.server.Stop(kEventGuard));
    done = true;
    publisher.join();
  }
}

TEST_CASE("HEAD of a streamed response is its head") {
  EventFeed feed;
  const TestServer test({}, feed.Handler());
  Wire wire = test.Connect();
  const std::string head = wire.Send(Ask("/follow", "", "HEAD")).ReadAnswer(true);
  CHECK(StatusOf(head) == 200);
  CHECK(head.find("Content-Length") == std::string::npos);
  CHECK(wire.IsClosed());
  CHECK(feed.calls() == 0);
}
