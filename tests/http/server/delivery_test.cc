// How answers go out when a Delivery says more than "at once": over real sockets.
#include <algorithm>
#include <future>
#include <optional>
#include <thread>
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

// Answers by Echo; "/now..." at once, everything else as told.
HttpServer::Handler EchoBy(Delivery delivery) {
  return [delivery](const Request& request) {
    Response response = TestServer::Echo(request);
    if (!request.target.starts_with("/now")) response.delivery = delivery;
    return response;
  };
}

struct Way {
  const char* name;
  std::string request;
  bool head_only;
  bool closes;
};
const std::vector<Way> kWays = {
    {"GET", Ask("/x"), false, false},
    {"HEAD", Ask("/x", "", "HEAD"), true, false},
    {"close", Ask("/x", "Connection: close\r\n"), false, true},
    {"HTTP/1.0", "GET /x HTTP/1.0\r\n\r\n", false, true},
    {"HTTP/1.0 kept", "GET /x HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", false, false},
};

std::vector<Wire> ConnectMany(const TestServer& test, int count) {
  std::vector<Wire> wires;
  for (int i = 0; i < count; ++i) wires.push_back(test.Connect());
  return wires;
}

constexpr auto kFresh = 5s;  // a generous guard; measured by the bench

}  // namespace

TEST_CASE("a delayed answer is the same answer, not before its time") {
  const TestServer at_once;
  const TestServer test({}, EchoBy({.delay = 20ms}));
  for (const Way& way : kWays) {
    INFO(way.name);
    const std::string wanted = at_once.Connect().Send(way.request).ReadAnswer(way.head_only);
    Wire wire = test.Connect();
    const RealTime start = RealNow();
    CHECK(wire.Send(way.request).ReadAnswer(way.head_only) == wanted);
    CHECK(RealNow() - start >= 20ms);
    if (way.closes)
      CHECK(wire.IsClosed());
    else
      CHECK(BodyOf(wire.Send(Ask("/now")).ReadAnswer()) == "GET /now ");
  }
}

TEST_CASE("the head of a slow answer comes at once, its body takes its time") {
  const TestServer at_once;
  const TestServer test({}, EchoBy({.delay = 5ms, .body_time = 60ms}));
  for (const Way& way : kWays) {
    INFO(way.name);
    const std::string wanted = at_once.Connect().Send(way.request).ReadAnswer(way.head_only);
    Wire wire = test.Connect();
    const RealTime start = RealNow();
    wire.Send(way.request);
    std::string got;
    int pieces = 0;
    for (; got.size() < wanted.size(); ++pieces) {
      const std::string piece = wire.ReadSome();
      if (piece.empty()) break;
      got += piece;
    }
    CHECK(got == wanted);
    if (way.head_only) {
      CHECK(pieces == 1);
    } else {
      CHECK(RealNow() - start >= 65ms);
      CHECK(pieces > 1);
    }
    if (way.closes)
      CHECK(wire.IsClosed());
    else
      CHECK(BodyOf(wire.Send(Ask("/now")).ReadAnswer()) == "GET /now ");
  }
}

TEST_CASE("requests behind a delayed one wait their turn") {
  const TestServer test({}, EchoBy({.delay = 10ms, .body_time = 10ms}));
  Wire wire = test.Connect();
  wire.Send(Ask("/1") + Ask("/now-2") + Ask("/3"));
  wire.Send(Ask("/now-4", "Connection: close\r\n"));
  for (const char* target : {"/1", "/now-2", "/3", "/now-4"})
    CHECK(BodyOf(wire.ReadAnswer()) == "GET " + std::string(target) + " ");
  CHECK(wire.IsClosed());
}

TEST_CASE("each of the broken ways, at once and after a delay, whoever asks") {
  for (const auto delay : {0ms, 10ms}) {
    for (const ConnectionFault connection_fault :
         {ConnectionFault::kConnectionReset, ConnectionFault::kEmptyResponse,
          ConnectionFault::kMalformedResponseChunk, ConnectionFault::kRandomDataThenClose}) {
      const TestServer test(
          {}, EchoBy({.delay = delay, .body_time = 1h, .connection_fault = connection_fault}));
      for (const Way& way : kWays) {
        // What else the client sent is answered by nobody, and turns no close into a reset. After a
        // delay it is more than was read before.
        for (const int more : {0, delay > 0ms ? 1000 : 2}) {
          INFO(way.name << " " << static_cast<int>(connection_fault) << " " << more);
          Wire wire = test.Connect();
          const RealTime start = RealNow();
          std::string all = way.request;
          for (int i = 0; i < more; ++i) all += Ask("/now");
          wire.Send(all);
          switch (connection_fault) {
            case ConnectionFault::kNone:
              break;
            case ConnectionFault::kConnectionReset:
              CHECK(wire.IsReset());
              break;
            case ConnectionFault::kEmptyResponse:
              CHECK(wire.IsClosed());
              break;
            case ConnectionFault::kMalformedResponseChunk: {
              const std::string head = wire.ReadAnswer(true);
              CHECK(StatusOf(head) == 200);
              CHECK(head.find("Content-Type: text/plain\r\n") != std::string::npos);
              CHECK(head.find("Transfer-Encoding: chunked\r\n") != std::string::npos);
              CHECK(head.find("Content-Length") == std::string::npos);
              CHECK(static_cast<unsigned char>(wire.ReadAll().at(0)) >= 0x80);
              CHECK(wire.IsClosed());
              break;
            }
            case ConnectionFault::kRandomDataThenClose:
              CHECK(wire.ReadAll().size() == 256);
              CHECK(wire.IsClosed());
              break;
          }
          CHECK(RealNow() - start >= delay);
        }
      }
    }
  }
}

TEST_CASE("a client that goes while its answer is delayed makes room for another") {
  HttpServer::Limits limits;
  limits.connections = 1;
  const TestServer test(limits, EchoBy({.delay = 1h}));
  for (int i = 0; i < 3; ++i) {
    std::optional<Wire> client;
    int status = 0;
    for (int tries = 0; tries < 100'000 && status != 200; ++tries) {
      client.reset();
      client.emplace(test.Connect());
      status = StatusOf(client->Send(Ask("/now")).ReadAnswer());
    }
    REQUIRE(status == 200);
    client->Send(Ask("/late")).Reset();
  }
}

TEST_CASE("a client that half-closes while its answer is delayed gets it") {
  const TestServer test({}, EchoBy({.delay = 20ms}));
  CHECK(BodyOf(test.Connect().Send(Ask("/x")).FinishSending().ReadAll()) == "GET /x ");
}

TEST_CASE("concurrency: any number of delayed answers holds no thread, and stopping gives them") {
  TestServer test(FewThreads(), EchoBy({.delay = 1h, .body_time = 1h}));
  std::vector<Wire> late = ConnectMany(test, 500);
  for (Wire& wire : late) wire.Send(Ask("/late"));
  for (int i = 0; i < 20; ++i) {
    const RealTime start = RealNow();
    CHECK(BodyOf(test.Connect().Send(Ask("/now")).ReadAnswer()) == "GET /now ");
    CHECK(RealNow() - start < kFresh);
  }
  CHECK(test.server.Stop(10s));
  const auto given = std::count_if(late.begin(), late.end(), [](Wire& wire) {
    return BodyOf(wire.ReadAnswer()) == "GET /late " && wire.IsClosed();
  });
  CHECK(given > 0);  // all but those that were not read yet
}

TEST_CASE("concurrency: delayed answers that fall due together all come") {
  const TestServer test(FewThreads(), EchoBy({.delay = 100ms}));
  std::vector<Wire> late = ConnectMany(test, 500);
  for (int round = 0; round < 2; ++round) {
    for (Wire& wire : late) wire.Send(Ask("/late"));
    const RealTime start = RealNow();
    CHECK(BodyOf(test.Connect().Send(Ask("/now")).ReadAnswer()) == "GET /now ");
    CHECK(RealNow() - start < kFresh);
    for (Wire& wire : late) CHECK(BodyOf(wire.ReadAnswer()) == "GET /late ");
  }
}

TEST_CASE("concurrency: slow bodies hold no thread, and stopping ends them") {
  TestServer test(FewThreads(), EchoBy({.body_time = 1h}));
  std::vector<Wire> slow = ConnectMany(test, 100);
  for (Wire& wire : slow) CHECK(StatusOf(wire.Send(Ask("/slow")).ReadAnswer(true)) == 200);
  CHECK(BodyOf(test.Connect().Send(Ask("/now")).ReadAnswer()) == "GET /now ");
  CHECK(test.server.Stop(10s));
  for (Wire& wire : slow) CHECK(wire.ReadAll() == "GET /slow ");
}

TEST_CASE("concurrency: a server that stops while answers are delayed ends, whenever it is") {
  for (int round = 0; round < 20; ++round) {
    TestServer test({}, EchoBy({.delay = std::chrono::milliseconds(round % 4), .body_time = 2ms}));
    std::vector<std::thread> clients;
    std::promise<void> busy;
    for (int t = 0; t < 4; ++t)
      clients.emplace_back([&, t, port = test.listener.port()] {
        Wire wire(port);
        for (int i = 0;; ++i) {
          wire.Send(Ask("/late") + Ask("/now") + Ask("/late"));
          for (int answers = 0; answers < 3; ++answers)
            if (StatusOf(wire.ReadAnswer()) != 200) return;
          if (t == 0 && i == 2) busy.set_value();
        }
      });
    busy.get_future().wait();
    CHECK(test.server.Stop(10s));
    for (auto& client : clients) client.join();
  }
}

// --- clients that do not read what they asked for ---

namespace {

const std::string kLarge(16 << 20, 'x');

Response AnswerLarge(const Request& request) {
  return {.body = request.target == "/large" ? kLarge : request.target};
}

}  // namespace

TEST_CASE("concurrency: slow readers hold no thread, and get all of it when they read") {
  const TestServer test(FewThreads(), AnswerLarge);
  std::vector<Wire> slow = ConnectMany(test, 3);
  for (Wire& wire : slow) CHECK(StatusOf(wire.Send(Ask("/large")).ReadAnswer(true)) == 200);
  for (int i = 0; i < 5; ++i)
    CHECK(BodyOf(test.Connect().Send(Ask("/now")).ReadAnswer()) == "/now");
  for (Wire& wire : slow) {
    size_t received = 0;
    while (received < kLarge.size()) {
      const std::string piece = wire.ReadSome();
      REQUIRE(!piece.empty());
      received += piece.size();
    }
    CHECK(received == kLarge.size());
    CHECK(BodyOf(wire.Send(Ask("/now")).ReadAnswer()) == "/now");
  }
}

TEST_CASE("a client that does not take its answer in time is cut off") {
  HttpServer::Limits limits;
  limits.send = 30ms;
  limits.connections = 1;
  const TestServer test(limits, AnswerLarge);
  Wire stuck = test.Connect();
  CHECK(StatusOf(stuck.Send(Ask("/large")).ReadAnswer(true)) == 200);
  int status = 0;
  for (int tries = 0; tries < 100'000 && status != 200; ++tries)
    status = StatusOf(test.Connect().Send(Ask("/now")).ReadAnswer());
  CHECK(status == 200);
  CHECK(stuck.ReadAll().size() < kLarge.size());
}

TEST_CASE("concurrency: stopping leaves time to one that is reading its answer, and no more") {
  for (const bool reads : {true, false}) {
    TestServer test({}, AnswerLarge);
    Wire wire = test.Connect();
    CHECK(StatusOf(wire.Send(Ask("/large")).ReadAnswer(true)) == 200);
    auto stopped =
        std::async(std::launch::async, [&] { return test.server.Stop(reads ? 10'000ms : 20ms); });
    if (!reads) CHECK_FALSE(stopped.get());
    CHECK((wire.ReadAll().size() == kLarge.size()) == reads);
    if (reads) CHECK(stopped.get());
  }
}
