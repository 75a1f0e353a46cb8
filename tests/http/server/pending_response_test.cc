// Answers that come later, and answers that go on (PendingResponse): over real sockets.
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

constexpr auto kNewsGuard = 10s;

// What a journal is to the door: news, and the bells of those who want them.
class PollResult {
 public:
  // "/wait": how many news there are, when there is one since the request, or `patience` is over.
  // "/follow": all news, one a line, as they come; "." is the last. Anything else: at once.
  HttpServer::Handler Answer() {
    return [this](const Request& request) {
      if (request.Path() == "/wait") return Wait(request);
      if (request.Path() == "/follow") return Follow();
      return TestServer::Echo(request);
    };
  }

  void Tell(const std::string& text) {
    const std::lock_guard lock(mutex_);
    news_.push_back(text);
    for (const auto& weak : wakers_)
      if (const auto waker = weak.lock()) waker->Wake();
  }

  // Once so many waits and streams were asked for (again), or looked at.
  void AwaitLooks(int count) {
    std::unique_lock lock(mutex_);
    REQUIRE(looked_.wait_for(lock, kNewsGuard, [&] { return looks_ >= count; }));
  }
  int looks() const {
    const std::lock_guard lock(mutex_);
    return looks_;
  }
  std::vector<RealTime> arrivals() const {
    const std::lock_guard lock(mutex_);
    return arrivals_;
  }

  RealTime::duration patience = 1h;
  RealTime::duration heartbeat = 1h;  // a stream says "*" after so long without news

 private:
  std::shared_ptr<Waker> HangBell() {
    auto waker = std::make_shared<Waker>();
    const std::lock_guard lock(mutex_);
    wakers_.push_back(waker);
    return waker;
  }
  void Looked() {
    ++looks_;
    looked_.notify_all();
  }

  Response Wait(const Request& request) {
    auto waker = HangBell();
    const std::lock_guard lock(mutex_);
    Looked();
    arrivals_.push_back(request.arrived);
    if (!news_.empty() || RealNow() >= request.arrived + patience)
      return {.body = "news: " + std::to_string(news_.size()) + request.body};
    return {.body = "dropped",
            .pending = std::make_shared<PendingResponse>(
                PendingResponse{.waker = std::move(waker),
                                .until = request.arrived + patience,
                                .retry = [this, request] { return Wait(request); }})};
  }

  Response Follow() {
    auto pending = std::make_shared<PendingResponse>(
        PendingResponse{.waker = HangBell(), .until = RealNow() + heartbeat});
    pending->next_chunk = [this, told = size_t{0},
                           &until = pending->until]() mutable -> std::optional<std::string> {
      const std::lock_guard lock(mutex_);
      Looked();
      const auto is_over = [&] { return told > 0 && news_[told - 1] == "."; };
      if (is_over()) return std::nullopt;
      std::string text;
      while (told < news_.size()) text += news_[told++] + "\n";
      if (text.empty() && RealNow() >= until) text = "*\n";
      until = is_over() ? RealNow() : RealNow() + heartbeat;
      return text;
    };
    return {
        .headers = {{"Content-Type", "text/event-stream"}}, .body = "hello\n", .pending = pending};
  }

  mutable std::mutex mutex_;
  std::condition_variable looked_;
  std::vector<std::string> news_;
  std::vector<std::weak_ptr<Waker>> wakers_;
  std::vector<RealTime> arrivals_;
  int looks_ = 0;
};

std::string ReadLines(Wire& wire, const std::string& wanted) {
  std::string got;
  while (got.size() < wanted.size()) {
    const std::string piece = wire.ReadSome();
    if (piece.empty()) break;
    got += piece;
  }
  return got;
}

}  // namespace

TEST_CASE("who waits is answered when there are news") {
  PollResult news;
  const TestServer test({}, news.Answer());
  Wire wire = test.Connect();
  wire.Send(Ask("/wait", "Content-Length: 2\r\n", "POST") + "ab");
  news.AwaitLooks(1);
  news.Tell("x");
  const std::string answer = wire.ReadAnswer();
  CHECK(StatusOf(answer) == 200);
  CHECK(BodyOf(answer) == "news: 1ab");
  CHECK(BodyOf(wire.Send(Ask("/now")).ReadAnswer()) == "GET /now ");
}

TEST_CASE("who waits is asked again when its time is over, and its request arrived but once") {
  PollResult news;
  news.patience = 20ms;
  const TestServer test({}, news.Answer());
  for (const char* request : {"GET /wait HTTP/1.1\r\nHost: a\r\n\r\n", "GET /wait HTTP/1.0\r\n\r\n",
                              "HEAD /wait HTTP/1.1\r\nHost: a\r\n\r\n"}) {
    const RealTime start = RealNow();
    const bool head = std::string(request).starts_with("HEAD");
    const std::string answer = test.Connect().Send(request).ReadAnswer(head);
    CHECK(RealNow() - start >= 20ms);
    CHECK(answer.find("Content-Length: 7\r\n") != std::string::npos);
    CHECK(BodyOf(answer) == (head ? "" : "news: 0"));
  }
  const auto arrivals = news.arrivals();
  REQUIRE(arrivals.size() >= 6);
  CHECK(arrivals[0] == arrivals[1]);
  CHECK(arrivals[0] < arrivals.back());
  CHECK(arrivals.back() == arrivals[arrivals.size() - 2]);
}

TEST_CASE("requests behind one that waits have their turn after it") {
  PollResult news;
  const TestServer test({}, news.Answer());
  Wire wire = test.Connect();
  wire.Send(Ask("/wait") + Ask("/1") + Ask("/wait"));
  news.AwaitLooks(1);
  wire.Send(Ask("/2", "Connection: close\r\n"));
  news.Tell("x");
  for (const char* body : {"news: 1", "GET /1 ", "news: 1", "GET /2 "})
    CHECK(BodyOf(wire.ReadAnswer()) == body);
  CHECK(wire.IsClosed());
}

TEST_CASE("a client that goes while it waits, or follows, makes room for another") {
  HttpServer::Limits limits;
  limits.connections = 1;
  PollResult news;
  const TestServer test(limits, news.Answer());
  int looks = 0;
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
        news.AwaitLooks(++looks);
      else
        CHECK(StatusOf(client->ReadAnswer(true)) == 200);
      if (reset) client->Reset();
    }
  }
}

TEST_CASE("concurrency: any number of waiting clients holds no thread, and one ring answers all") {
  PollResult news;
  const TestServer test(FewThreads(), news.Answer());
  std::vector<Wire> waiting;
  for (int i = 0; i < 200; ++i) waiting.push_back(test.Connect());
  for (Wire& wire : waiting) wire.Send(Ask("/wait"));
  news.AwaitLooks(200);
  for (int i = 0; i < 20; ++i)
    CHECK(BodyOf(test.Connect().Send(Ask("/now")).ReadAnswer()) == "GET /now ");
  news.Tell("x");
  for (Wire& wire : waiting) CHECK(BodyOf(wire.ReadAnswer()) == "news: 1");
}

TEST_CASE("concurrency: news between looking and waiting are not lost") {
  for (int round = 0; round < 50; ++round) {
    PollResult news;
    const TestServer test({}, news.Answer());
    Wire wire = test.Connect();
    wire.Send(Ask("/wait"));
    news.Tell("x");
    CHECK(BodyOf(wire.ReadAnswer()) == "news: 1");
  }
}

TEST_CASE("concurrency: stopping refuses those who wait and ends what goes on") {
  PollResult news;
  TestServer test(FewThreads(), news.Answer());
  std::vector<Wire> waiting, following;
  for (int i = 0; i < 50; ++i) {
    waiting.push_back(test.Connect());
    following.push_back(test.Connect());
  }
  for (Wire& wire : waiting) wire.Send(Ask("/wait"));
  news.AwaitLooks(50);
  for (Wire& wire : following) {
    wire.Send(Ask("/follow"));
    CHECK(StatusOf(wire.ReadAnswer(true)) == 200);
  }
  const int looks = news.looks();
  Wire head = test.Connect();
  head.Send(Ask("/wait", "", "HEAD"));
  news.AwaitLooks(looks + 1);
  CHECK(test.server.Stop(kNewsGuard));
  CHECK(news.looks() == looks + 1);
  CHECK(StatusOf(head.ReadAnswer(true)) == 503);
  CHECK(head.IsClosed());
  for (Wire& wire : waiting) {
    const std::string answer = wire.ReadAnswer();
    CHECK(StatusOf(answer) == 503);
    CHECK(BodyOf(answer) == "server-stopping");
    CHECK(wire.IsClosed());
  }
  for (Wire& wire : following) CHECK(wire.ReadAll() == "hello\n");
  news.Tell("x");  // the door has gone
}

TEST_CASE("an answer that goes on has no length, and ends with its connection") {
  for (const char* request :
       {"GET /follow HTTP/1.1\r\nHost: a\r\n\r\n", "GET /follow HTTP/1.0\r\n\r\n",
        "GET /follow HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"}) {
    INFO(request);
    PollResult news;
    const TestServer test({}, news.Answer());
    Wire wire = test.Connect();
    // What it asks behind that is answered by nobody, and turns no close into a reset.
    wire.Send(request + Ask("/now"));
    const std::string head = wire.ReadAnswer(true);
    CHECK(StatusOf(head) == 200);
    CHECK(head.find("Content-Type: text/event-stream\r\n") != std::string::npos);
    CHECK(head.find("Connection: close\r\n") != std::string::npos);
    CHECK(head.find("keep-alive") == std::string::npos);
    CHECK(head.find("Content-Length") == std::string::npos);
    CHECK(head.find("Transfer-Encoding") == std::string::npos);
    CHECK(ReadLines(wire, "hello\n") == "hello\n");
    news.Tell("1");
    CHECK(ReadLines(wire, "1\n") == "1\n");
    news.Tell("2");
    news.Tell(".");
    CHECK(wire.ReadAll() == "2\n.\n");
    CHECK(wire.IsClosed());
  }
}

TEST_CASE("without a ring it is looked for more when the time has come, as often as that is told") {
  PollResult news;
  news.heartbeat = 10ms;
  const TestServer test({}, news.Answer());
  Wire wire = test.Connect();
  const RealTime start = RealNow();
  wire.Send(Ask("/follow")).ReadAnswer(true);
  CHECK(ReadLines(wire, "hello\n*\n*\n*\n").starts_with("hello\n*\n*\n*\n"));
  CHECK(RealNow() - start >= 30ms);
}

TEST_CASE("an answer that goes on may be delayed, and a broken one does not go on") {
  PollResult news;
  const auto answer = news.Answer();
  for (const bool breaks : {false, true}) {
    const TestServer test({}, [&](const Request& request) {
      Response response = answer(request);
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
      news.Tell(".");
      CHECK(wire.ReadAll() == "hello\n.\n");
    }
  }
}

TEST_CASE("concurrency: who does not read is told no more until it does, and holds no thread") {
  const std::string large(1 << 20, 'x');
  std::atomic<int> given{0};
  auto waker = std::make_shared<Waker>();
  TestServer test(FewThreads(), [&](const Request& request) {
    if (request.target.starts_with("/now")) return TestServer::Echo(request);
    auto pending =
        std::make_shared<PendingResponse>(PendingResponse{.waker = waker, .until = RealNow()});
    pending->next_chunk = [&]() -> std::optional<std::string> {
      if (given == 64) return std::nullopt;
      ++given;
      return large;
    };
    return Response{.pending = std::move(pending)};
  });
  Wire slow = test.Connect();
  slow.Send(Ask("/follow"));
  CHECK(StatusOf(slow.ReadAnswer(true)) == 200);
  // Always more at once: until there is no room.
  int before = -1;
  for (int same = 0; same < 20;) {
    CHECK(BodyOf(test.Connect().Send(Ask("/now")).ReadAnswer()) == "GET /now ");
    waker->Wake();
    same = std::exchange(before, given.load()) == given ? same + 1 : 0;
  }
  CHECK(given < 64);
  CHECK(slow.ReadAll().size() == 64 * large.size());
  CHECK(given == 64);
}

TEST_CASE("concurrency: however often it rings, each news is told once and in order") {
  PollResult news;
  const TestServer test(FewThreads(), news.Answer());
  std::vector<Wire> following;
  for (int i = 0; i < 20; ++i) following.push_back(test.Connect());
  for (Wire& wire : following) {
    wire.Send(Ask("/follow"));
    CHECK(StatusOf(wire.ReadAnswer(true)) == 200);
  }
  std::string wanted = "hello\n";
  for (int i = 0; i < 500; ++i) {
    news.Tell(std::to_string(i));
    wanted += std::to_string(i) + "\n";
  }
  news.Tell(".");
  for (Wire& wire : following) CHECK(wire.ReadAll() == wanted + ".\n");
}

TEST_CASE("concurrency: a server that stops while news come ends, whenever it is") {
  for (int round = 0; round < 20; ++round) {
    PollResult news;
    TestServer test(FewThreads(), news.Answer());
    std::vector<Wire> clients;
    for (int i = 0; i < 6; ++i) {
      clients.push_back(test.Connect());
      clients.back().Send(Ask(i % 2 ? "/wait" : "/follow"));
    }
    std::atomic<bool> done{false};
    std::thread teller([&] {
      for (int i = 0; !done && i < 1000; ++i) news.Tell("x");
    });
    if (round % 2) clients.erase(clients.begin(), clients.begin() + 3);
    CHECK(test.server.Stop(kNewsGuard));
    done = true;
    teller.join();
  }
}

TEST_CASE("HEAD of an answer that goes on is its head") {
  PollResult news;
  const TestServer test({}, news.Answer());
  Wire wire = test.Connect();
  const std::string head = wire.Send(Ask("/follow", "", "HEAD")).ReadAnswer(true);
  CHECK(StatusOf(head) == 200);
  CHECK(head.find("Content-Length") == std::string::npos);
  CHECK(wire.IsClosed());
  CHECK(news.looks() == 0);
}
