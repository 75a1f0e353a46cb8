// A ResponseSender with one connection, without the threads of a server.
#include "http/server/response_sender.h"

#include <doctest/doctest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <functional>
#include <optional>
#include <vector>

using namespace emulator;
using namespace emulator::http;
using namespace emulator::http::server;
using namespace std::chrono_literals;
using Stage = HttpConnection::Stage;

namespace {

constexpr std::string_view kGet = "GET /a HTTP/1.1\r\nHost: a\r\n\r\n";

// A sender, one connection, and the client's end of it.
struct Served {
  explicit Served(HttpServer::Handler handler)
      : sender(poller, 1s, std::move(handler), [](RequestParseError error) {
          return Response{.status = 503, .body = std::to_string(static_cast<int>(error))};
        }) {
    std::array<int, 2> ends{};
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) == 0);
    client = ends[0];
    connection = &poller.Add(ends[1], nullptr, {});
  }
  ~Served() { ::close(client); }

  bool Request(std::string_view bytes) {
    REQUIRE(::send(client, bytes.data(), bytes.size(), MSG_NOSIGNAL) ==
            static_cast<ssize_t>(bytes.size()));
    REQUIRE(connection->socket.Receive(false) == ClientSocket::Received::kBytes);
    REQUIRE(connection->parser.Parse(connection->socket.bytes()) ==
            RequestParser::State::kComplete);
    return sender.Respond(*connection, false);
  }
  std::string Received() const {
    std::array<char, 65536> bytes;
    const ssize_t count = ::recv(client, bytes.data(), bytes.size(), MSG_DONTWAIT);
    return {bytes.data(), static_cast<size_t>(std::max<ssize_t>(count, 0))};
  }

  ConnectionPoller poller{{}};
  ResponseSender sender;
  int client = -1;
  HttpConnection* connection = nullptr;
};

Response Echo(const Request& request) {
  return {.body = request.method + " " + request.target};
}

}  // namespace

TEST_CASE("a response is sent, and the connection is ready for another request") {
  Served served(Echo);
  CHECK(served.Request(kGet));
  CHECK(served.Received().ends_with("\r\n\r\nGET /a"));
  CHECK(served.connection->stage == Stage::kIdle);
  CHECK(served.Request("HEAD /b HTTP/1.1\r\nHost: a\r\n\r\n"));
  const std::string head = served.Received();
  CHECK(head.find("Content-Length: 7\r\n") != std::string::npos);
  CHECK(head.ends_with("\r\n\r\n"));
}

TEST_CASE("the connection closes after a response if the client asks for it") {
  Served served(Echo);
  CHECK_FALSE(served.Request("GET /a HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"));
  CHECK(served.Received().find("Connection: close\r\n") != std::string::npos);
  CHECK(served.poller.count() == 0);
}

TEST_CASE("a pending response sends nothing until its retry returns a response") {
  bool is_ready = false;
  int calls = 0;
  std::function<Response()> respond = [&]() -> Response {
    ++calls;
    if (is_ready) return {.body = "ready"};
    return {.status = 500,
            .body = "ignored",
            .pending = std::make_shared<PendingResponse>(
                PendingResponse{.until = RealNow() + 1h, .retry = respond})};
  };
  Served served([&](const Request&) { return respond(); });
  CHECK_FALSE(served.Request(kGet));
  CHECK(served.connection->stage == Stage::kPending);
  CHECK_FALSE(served.sender.Respond(*served.connection, false));
  CHECK(served.Received().empty());
  is_ready = true;
  CHECK(served.sender.Respond(*served.connection, false));
  CHECK(served.Received().ends_with("\r\n\r\nready"));
  CHECK(calls == 3);
}

TEST_CASE("a streamed response sends its head and body, then each chunk") {
  std::vector<std::string> chunks{"one", "two"};
  Served served([&](const Request&) {
    auto pending = std::make_shared<PendingResponse>();
    pending->next_chunk = [&]() -> std::optional<std::string> {
      if (chunks.empty()) return std::nullopt;
      const std::string chunk = chunks.front();
      chunks.erase(chunks.begin());
      return chunk;
    };
    return Response{.body = "zero", .pending = pending};
  });
  CHECK_FALSE(served.Request(kGet));
  CHECK(served.connection->stage == Stage::kStreaming);
  CHECK(served.Received().ends_with("\r\n\r\nzero"));
  for (const char* chunk : {"one", "two"}) {
    served.sender.SendNextChunk(*served.connection);
    CHECK(served.Received() == chunk);
  }
  served.sender.SendNextChunk(*served.connection);
  CHECK(served.poller.count() == 0);
}

TEST_CASE("a delayed response is sent when it is due") {
  Served served([](const Request&) { return Response{.body = "late", .delivery = {.delay = 1h}}; });
  CHECK_FALSE(served.Request(kGet));
  CHECK(served.connection->stage == Stage::kWriting);
  CHECK(served.Received().empty());
  CHECK(served.sender.Advance(*served.connection, RealNow() + 1h));
  CHECK(served.Received().ends_with("\r\n\r\nlate"));
}

TEST_CASE("a refusal is sent, and the connection lingers for the client's close") {
  Served served(Echo);
  served.sender.RefuseAndClose(*served.connection, RequestParseError::kServerStopping);
  CHECK(served.Received().starts_with("HTTP/1.1 503 "));
  CHECK(served.connection->stage == Stage::kLingering);
  CHECK(served.poller.count() == 1);
}
