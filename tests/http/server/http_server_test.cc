#include "http/server/http_server.h"

#include <sys/resource.h>

#include <algorithm>
#include <future>
#include <latch>
#include <thread>
#include <vector>

#include "base/real_time.h"
#include "support/hostile_requests.h"
#include "support/test_server.h"
#include "support/wire.h"

using namespace emulator;
using namespace emulator::http;
using namespace emulator::http::server;
using namespace std::chrono_literals;

TEST_CASE("a connection serves many requests") {
  const TestServer test;
  Wire wire = test.Connect();
  for (int i = 0; i < 200; ++i) {
    const std::string target = "/" + std::to_string(i);
    CHECK(BodyOf(wire.Send(Ask(target)).ReadAnswer()) == "GET " + target + " ");
  }
}

TEST_CASE("pipelined requests are answered in order") {
  const TestServer test;
  std::string all;
  for (int i = 0; i < 300; ++i) all += Ask("/" + std::to_string(i));
  Wire wire = test.Connect();
  wire.Send(all);
  for (int i = 0; i < 300; ++i)
    REQUIRE(BodyOf(wire.ReadAnswer()) == "GET /" + std::to_string(i) + " ");
}

TEST_CASE("a response has no headers that cpp-httplib would add") {
  const TestServer test;
  const std::string answer = test.Connect().Send(Ask("/")).ReadAnswer();
  CHECK(answer.starts_with("HTTP/1.1 200 OK\r\n"));
  for (const char* header : {"Keep-Alive:", "Connection:", "Accept-Ranges:", "Server:"}) {
    INFO(header);
    CHECK(answer.find(header) == std::string::npos);
  }
}

TEST_CASE("HEAD has the length of GET and no body") {
  const TestServer test;
  Wire wire = test.Connect();
  const std::string head = wire.Send(Ask("/abc", "", "HEAD")).ReadAnswer(true);
  CHECK(head.find("Content-Length: 10\r\n") != std::string::npos);
  CHECK(head.find("Accept-Ranges") == std::string::npos);
  CHECK(BodyOf(wire.Send(Ask("/next")).ReadAnswer()) == "GET /next ");
}

TEST_CASE("the refusal of a HEAD has no body") {
  const TestServer test;
  const std::string answer =
      test.Connect().Send(Ask("/", "Content-Length: 99999999\r\n", "HEAD")).ReadAll();
  CHECK(StatusOf(answer) == 413);
  CHECK(answer.find("Content-Length: 14\r\n") != std::string::npos);
  CHECK(BodyOf(answer).empty());
}

TEST_CASE("204 has neither body nor length") {
  const TestServer test({}, [](const Request&) { return Response{.status = 204}; });
  const std::string answer = test.Connect().Send(Ask("/", "Connection: close\r\n")).ReadAll();
  CHECK(answer.starts_with("HTTP/1.1 204 No Content\r\n"));
  CHECK(answer.find("Content-Length") == std::string::npos);
}

TEST_CASE("Range and Accept-Encoding have no effect") {
  const TestServer test;
  for (const char* lines : {"Range: bytes=0-1\r\n", "Range: bytes=99-\r\n", "Range: rubbish\r\n",
                            "Accept-Encoding: br, gzip\r\n"}) {
    const std::string answer = test.Connect().Send(Ask("/abc", lines)).ReadAnswer();
    CHECK(StatusOf(answer) == 200);
    CHECK(BodyOf(answer) == "GET /abc ");
  }
}

TEST_CASE("methods that cpp-httplib does not know reach the handler") {
  const TestServer test;
  CHECK(BodyOf(test.Connect().Send(Ask("/x", "", "BREW")).ReadAnswer()) == "BREW /x ");
  CHECK(BodyOf(test.Connect().Send(Ask("/x", "", "TRACE")).ReadAnswer()) == "TRACE /x ");
  CHECK(BodyOf(test.Connect().Send(Ask("/x", "", "POST")).ReadAnswer()) == "POST /x ");
}

TEST_CASE("bodies with a length and in chunks, also when they arrive in pieces") {
  const TestServer test;
  Wire wire = test.Connect();
  for (const char* piece :
       {"POST /a HTTP/1.1\r\nHo", "st: a\r\nContent-Length: 5\r\n", "\r\nhe", "llo"})
    wire.Send(piece);
  CHECK(BodyOf(wire.ReadAnswer()) == "POST /a hello");
  for (const char* piece : {"POST /b HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r",
                            "\nab\r\n3\r\ncde\r\n0\r\n", "\r\n"})
    wire.Send(piece);
  CHECK(BodyOf(wire.ReadAnswer()) == "POST /b abcde");
  const std::string large(1 << 20, 'x');
  CHECK(
      BodyOf(wire.Send(Ask("/c", "Content-Length: 1048576\r\n", "PUT")).Send(large).ReadAnswer()) ==
      "PUT /c " + large);
}

TEST_CASE("a client that waits for 100 Continue receives it") {
  const TestServer test;
  Wire wire = test.Connect();
  wire.Send(Ask("/a", "Expect: 100-continue\r\nContent-Length: 2\r\n", "POST"));
  CHECK(wire.ReadAnswer() == "HTTP/1.1 100 Continue\r\n\r\n");
  CHECK(BodyOf(wire.Send("ok").ReadAnswer()) == "POST /a ok");
}

TEST_CASE(
    "bytes that are not clearly one request are refused, and no byte of them is taken for another "
    "request") {
  const TestServer test;
  for (const HostileRequest& row : kHostileRequests) {
    const std::string answers = test.Connect().Send(row.bytes).ReadAll();
    INFO(row.name << " (" << row.section << "): " << answers);
    CHECK(StatusOf(answers) == StatusFor(row.defect));
    CHECK(answers.find("Connection: close\r\n") != std::string::npos);
    CHECK(answers.find("HTTP/1.1", 1) == std::string::npos);
  }
}

TEST_CASE("a refusal reaches a client that is still sending") {
  const TestServer test;
  const std::string answer = test.Connect()
                                 .Send(Ask("/", "Content-Length: 99999999\r\n", "POST"))
                                 .Send(std::string(4 << 20, 'x'))
                                 .ReadAll();
  CHECK(StatusOf(answer) == 413);
}

TEST_CASE("the connection closes or stays open as the client asks") {
  const TestServer test;
  CHECK(test.Connect()
            .Send(Ask("/", "Connection: close\r\n"))
            .ReadAll()
            .find("Connection: close\r\n") != std::string::npos);
  CHECK(StatusOf(test.Connect().Send("GET / HTTP/1.0\r\n\r\n").ReadAll()) == 200);
  Wire old = test.Connect();
  for (int i = 0; i < 2; ++i)
    CHECK(old.Send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
              .ReadAnswer()
              .find("Connection: keep-alive\r\n") != std::string::npos);
}

TEST_CASE("a client that closes after its request gets its response") {
  const TestServer test;
  Wire wire = test.Connect();
  CHECK(StatusOf(wire.Send(Ask("/", "Connection: close\r\n")).ReadAll()) == 200);
}

TEST_CASE("a request that does not arrive in time is answered 408, an idle connection is closed") {
  HttpServer::Limits limits;
  limits.request = 30ms;
  limits.idle = 30ms;
  const TestServer test(limits);
  for (const char* part : {"G", "GET / HTTP/1.1\r\nHost: a\r\n",
                           "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nab"}) {
    INFO(part);
    CHECK(StatusOf(test.Connect().Send(part).ReadAll()) == 408);
  }
  CHECK(test.Connect().IsClosed());
}

TEST_CASE("a connection over the limit is answered 503, until another one ends") {
  HttpServer::Limits limits;
  limits.connections = 2;
  const TestServer test(limits);
  Wire one = test.Connect();
  {
    Wire two = test.Connect();
    CHECK(StatusOf(one.Send(Ask("/")).ReadAnswer()) == 200);
    CHECK(StatusOf(two.Send(Ask("/")).ReadAnswer()) == 200);
    CHECK(StatusOf(test.Connect().Send(Ask("/")).ReadAll()) == 503);
    CHECK(StatusOf(two.Send(Ask("/", "Connection: close\r\n")).ReadAll()) == 200);
  }
  int status = 0;
  for (int tries = 0; tries < 1000 && status != 200; ++tries)
    status = StatusOf(test.Connect().Send(Ask("/")).ReadAnswer());
  CHECK(status == 200);
}

TEST_CASE("concurrency: a blocked handler delays no other request") {
  std::promise<void> go;
  auto released = go.get_future().share();
  const TestServer test({}, [released](const Request& request) {
    if (request.target == "/slow") released.wait();
    return Response{.body = request.target};
  });
  std::vector<Wire> slow;
  for (int i = 0; i < 50; ++i) slow.push_back(test.Connect()), slow.back().Send(Ask("/slow"));
  for (int i = 0; i < 20; ++i)
    CHECK(BodyOf(test.Connect().Send(Ask("/fast")).ReadAnswer()) == "/fast");
  go.set_value();
  for (Wire& wire : slow) CHECK(BodyOf(wire.ReadAnswer()) == "/slow");
}

TEST_CASE("concurrency: idle connections and incomplete requests delay no other request") {
  const TestServer test;
  std::vector<Wire> waiting;
  for (int i = 0; i < 300; ++i)
    waiting.push_back(test.Connect()), waiting.back().Send(i % 2 ? "GET / HT" : "");
  for (int i = 0; i < 20; ++i) CHECK(StatusOf(test.Connect().Send(Ask("/")).ReadAnswer()) == 200);
  for (int i = 1; i < 300; i += 2)
    CHECK(
        StatusOf(waiting[static_cast<size_t>(i)].Send("TP/1.1\r\nHost: a\r\n\r\n").ReadAnswer()) ==
        200);
}

TEST_CASE("2,000 idle clients and 200 that send a byte at a time delay no new one") {
  constexpr size_t kIdle = 2000, kSlow = 200, kFresh = 200;
  rlimit files{};
  ::getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &files);
  REQUIRE_MESSAGE(files.rlim_max >= 2 * (kIdle + kSlow) + 100,
                  "this test needs 4,500 descriptors: ulimit -Hn");

  const TestServer test;
  std::vector<Wire> idle, slow;
  for (size_t i = 0; i < kIdle; ++i) {
    idle.push_back(test.Connect());
    if (i % 2) REQUIRE(StatusOf(idle.back().Send(Ask("/")).ReadAnswer()) == 200);
  }
  for (size_t i = 0; i < kSlow; ++i) slow.push_back(test.Connect());

  std::vector<std::chrono::duration<double>> times;
  const std::string request = Ask("/" + std::string(kFresh, 'x'));
  for (size_t i = 0; i < kFresh; ++i) {
    for (Wire& wire : slow) wire.Send(request.substr(i, 1));
    const RealTime start = RealNow();
    REQUIRE(StatusOf(test.Connect().Send(Ask("/")).ReadAnswer()) == 200);
    times.push_back(RealNow() - start);
  }
  // A delay would affect all new clients, so the shortest time shows the server's; the others
  // depend on the load of the machine.
  CHECK(*std::min_element(times.begin(), times.end()) < 10ms);
  for (Wire& wire : slow) CHECK(StatusOf(wire.Send(request.substr(kFresh)).ReadAnswer()) == 200);
  for (size_t i = 0; i < kIdle; i += 100)
    CHECK(StatusOf(idle[i].Send(Ask("/")).ReadAnswer()) == 200);
}

TEST_CASE(
    "concurrency: stopping closes idle connections at once and lets a running request finish") {
  std::promise<void> started, go;
  TestServer test({}, [&](const Request& request) {
    if (request.target == "/running") started.set_value(), go.get_future().wait();
    return Response{.body = "done"};
  });
  std::vector<Wire> idle;
  for (int i = 0; i < 50; ++i) {
    idle.push_back(test.Connect());
    if (i % 2) CHECK(StatusOf(idle.back().Send(Ask("/")).ReadAnswer()) == 200);
  }
  Wire running = test.Connect();
  running.Send(Ask("/running"));
  started.get_future().wait();
  auto stopped = std::async(std::launch::async, [&] { return test.server.Stop(10s); });
  for (Wire& wire : idle) CHECK(wire.IsClosed());
  go.set_value();
  const std::string answer = running.ReadAll();
  CHECK(BodyOf(answer) == "done");
  CHECK(stopped.get());
}

// Once a thread used the pool after its destruction.
TEST_CASE("concurrency: a server that stops under load ends") {
  for (int round = 0; round < 20; ++round) {
    TestServer test;
    std::latch busy(8);
    std::vector<std::thread> clients;
    for (int t = 0; t < 8; ++t)
      clients.emplace_back([&, port = test.listener.port()] {
        Wire wire(port);
        for (int i = 0;; ++i) {
          if (StatusOf(wire.Send(Ask("/")).ReadAnswer()) != 200) break;
          if (i == 10) busy.count_down();
        }
      });
    busy.wait();
    test.server.Stop(5s);
    for (auto& client : clients) client.join();
  }
}
