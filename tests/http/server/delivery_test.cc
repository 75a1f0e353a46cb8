// Delayed, throttled and broken responses (Delivery), over real sockets.
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

// Answers "/now..." by Echo at once, other paths by Echo with the delivery.
HttpServer::Handler EchoWith(Delivery delivery) {
  return [delivery](const Request& request) {
    Response response = TestServer::Echo(request);
    if (!request.target.starts_with("/now")) response.delivery = delivery;
    return response;
  };
}

struct RequestKind {
  const char* name;
  std::string request;
  bool head_only;
  bool closes;
};
const std::vector<RequestKind> kRequestKinds = {
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

constexpr auto kFresh = 5s;  // generous: the benchmark measures it

}  // namespace

TEST_CASE("a delayed response is unchanged and not early") {
  const TestServer at_once;
  const TestServer test({}, EchoWith({.delay = 20ms}));
  for (const RequestKind& kind : kRequestKinds) {
    INFO(kind.name);
    const std::string expected = at_once.Connect().Send(kind.request).ReadAnswer(kind.head_only);
    Wire wire = test.Connect();
    const RealTime start = RealNow();
    CHECK(wire.Send(kind.request).ReadAnswer(kind.head_only) == expected);
    CHECK(RealNow() - start >= 20ms);
    if (kind.closes)
      CHECK(wire.IsClosed());
    else
      CHECK(BodyOf(wire.Send(Ask("/now")).ReadAnswer()) == "GET /now ");
  }
}

TEST_CASE("the head of a throttled response is sent at once, its body over time") {
  const TestServer at_once;
  const TestServer test({}, EchoWith({.delay = 5ms, .body_time = 60ms}));
  for (const RequestKind& kind : kRequestKinds) {
    INFO(kind.name);
    const std::string expected = at_once.Connect().Send(kind.request).ReadAnswer(kind.head_only);
    Wire wire = test.Connect();
    const RealTime start = RealNow();
    wire.Send(kind.request);
    std::string received;
    int pieces = 0;
    for (; received.size() < expected.size(); ++pieces) {
      const std::string piece = wire.ReadSome();
      if (piece.empty()) break;
      received += piece;
    }
    CHECK(received == expected);
    if (kind.head_only) {
      CHECK(pieces == 1);
    } else {
      CHECK(RealNow() - start >= 65ms);
      CHECK(pieces > 1);
    }
    if (kind.closes)
      CHECK(wire.IsClosed());
    else
      CHECK(BodyOf(wire.Send(Ask("/now")).ReadAnswer()) == "GET /now ");
  }
}

TEST_CASE("requests after a delayed one are answered in order") {
  const TestServer test({}, EchoWith({.delay = 10ms, .body_time = 10ms}));
  Wire wire = test.Connect();
  wire.Send(Ask("/1") + Ask("/now-2") + Ask("/3"));
  wire.Send(Ask("/now-4", "Connection: close\r\n"));
  for (const char* target : {"/1", "/now-2", "/3", "/now-4"})
    CHECK(BodyOf(wire.ReadAnswer()) == "GET " + std::string(target) + " ");
  CHECK(wire.IsClosed());
}

TEST_CASE("each connection fault, at once and after a delay, for each kind of request") {
  for (const auto delay : {0ms, 10ms}) {
    for (const ConnectionFault connection_fault :
         {ConnectionFault::kConnectionReset, ConnectionFault::kEmptyResponse,
          ConnectionFault::kMalformedResponseChunk, ConnectionFault::kRandomDataThenClose}) {
      const TestServer test(
          {}, EchoWith({.delay = delay, .body_time = 1h, .connection_fault = connection_fault}));
      for (const RequestKind& kind : kRequestKinds) {
        // Further requests are not answered, and do not turn the close into a reset. After a delay
        // they are more than the server has read before.
        for (const int more : {0, delay > 0ms ? 1000 : 2}) {
          INFO(kind.name << " " << static_cast<int>(connection_fault) << " " << more);
          Wire wire = test.Connect();
          const RealTime start = RealNow();
          std::string all = kind.request;
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

TEST_CASE("a client that disconnects during a delay makes room for another") {
  HttpServer::Limits limits;
  limits.connections = 1;
  const TestServer test(limits, EchoWith({.delay = 1h}));
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

TEST_CASE("a client that half-closes during a delay gets its response") {
  const TestServer test({}, EchoWith({.delay = 20ms}));
  CHECK(BodyOf(test.Connect().Send(Ask("/x")).FinishSending().ReadAll()) == "GET /x ");
}

TEST_CASE("concurrency: delayed responses hold no thread, and stopping sends them") {
  TestServer test(FewThreads(), EchoWith({.delay = 1h, .body_time = 1h}));
  std::vector<Wire> late = ConnectMany(test, 500);
  for (Wire& wire : late) wire.Send(Ask("/late"));
  for (int i = 0; i < 20; ++i) {
    const RealTime start = RealNow();
    CHECK(BodyOf(test.Connect().Send(Ask("/now")).ReadAnswer()) == "GET /now ");
    CHECK(RealNow() - start < kFresh);
  }
  CHECK(test.server.Stop(10s));
  const auto answered = std::count_if(late.begin(), late.end(), [](Wire& wire) {
    return BodyOf(wire.ReadAnswer()) == "GET /late " && wire.IsClosed();
  });
  CHECK(answered > 0);  // all requests that the server had read
}

TEST_CASE("concurrency: delayed responses that are due together are all sent") {
  const TestServer test(FewThreads(), EchoWith({.delay = 100ms}));
  std::vector<Wire> late = ConnectMany(test, 500);
  for (int round = 0; round < 2; ++round) {
    for (Wire& wire : late) wire.Send(Ask("/late"));
    const RealTime start = RealNow();
    CHECK(BodyOf(test.Connect().Send(Ask("/now")).ReadAnswer()) == "GET /now ");
    CHECK(RealNow() - start < kFresh);
    for (Wire& wire : late) CHECK(BodyOf(wire.ReadAnswer()) == "GET /late ");
  }
}

TEST_CASE("concurrency: throttled bodies hold no thread, and stopping sends the rest") {
  TestServer test(FewThreads(), EchoWith({.body_time = 1h}));
  std::vector<Wire> slow = ConnectMany(test, 100);
  for (Wire& wire : slow) CHECK(StatusOf(wire.Send(Ask("/slow")).ReadAnswer(true)) == 200);
  CHECK(BodyOf(test.Connect().Send(Ask("/now")).ReadAnswer()) == "GET /now ");
  CHECK(test.server.Stop(10s));
  for (Wire& wire : slow) CHECK(wire.ReadAll() == "GET /slow ");
}

TEST_CASE("concurrency: a server that stops during delays ends") {
  for (int round = 0; round < 20; ++round) {
    TestServer test({},
                    EchoWith({.delay = std::chrono::milliseconds(round % 4), .body_time = 2ms}));
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

// --- clients that do not read ---

namespace {

const std::string kLarge(16 << 20, 'x');

Response AnswerLarge(const Request& request) {
  return {.body = request.target == "/large" ? kLarge : request.target};
}

}  // namespace

TEST_CASE("concurrency: slow readers hold no thread, and get the whole response when they read") {
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

TEST_CASE("a client that does not read its response in time is disconnected") {
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

TEST_CASE(
    "concurrency: stopping waits for a client that reads its response, but not longer than the "
    "grace") {
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
