#include "http/server/client_socket.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>

#include "crypto/certificates.h"
#include "support/tls_client.h"

using namespace emulator;
using namespace emulator::http;
using namespace emulator::http::server;
using Received = ClientSocket::Received;

namespace {

// A client's socket and its other end with TLS, and with the smallest possible send buffer.
struct SocketPair {
  SocketPair()
      : SocketPair([] {
          std::array<int, 2> ends{};
          REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) == 0);
          const int smallest = 1;
          ::setsockopt(ends[0], SOL_SOCKET, SO_SNDBUF, &smallest, sizeof smallest);
          return ends;
        }()) {}
  explicit SocketPair(std::array<int, 2> ends) : socket(ends[0], &context), theirs(ends[1]) {}
  ~SocketPair() {
    if (theirs >= 0) ::close(theirs);
  }

  // The client sends and receives what it can. True if it did either.
  bool Turn() {
    const std::string wire = client.Outgoing();
    if (!wire.empty()) REQUIRE(::send(theirs, wire.data(), wire.size(), MSG_NOSIGNAL) > 0);
    std::array<char, 65536> bytes;
    const ssize_t count = ::recv(theirs, bytes.data(), bytes.size(), MSG_DONTWAIT);
    at_end = count == 0;
    if (count > 0) client.Decrypt({bytes.data(), static_cast<size_t>(count)});
    return !wire.empty() || count > 0;
  }
  void Connect() {
    while (Turn() || socket.Receive(false) == Received::kBytes || socket.HasUnsent()) {
    }
    REQUIRE(client.is_connected());
  }
  // Sends everything. Returns how often there was no room.
  int SendAll(std::string_view text) {
    int waits = 0;
    while (true) {
      const auto sent = socket.Send(text);
      REQUIRE(sent);
      text.remove_prefix(*sent);
      if (text.empty()) return waits;
      ++waits;
      REQUIRE(Turn());
    }
  }

  TlsContext context{ForLocalhost().pair};
  ClientSocket socket;
  TlsClient client{ForLocalhost().ca, "localhost"};
  int theirs;
  bool at_end = false;
};

}  // namespace

TEST_CASE("TLS: a request is received and a response sent") {
  SocketPair connection;
  CHECK(connection.socket.Receive(false) == Received::kNothingYet);
  CHECK_FALSE(connection.socket.is_secure());
  connection.Connect();
  CHECK(connection.socket.is_secure());
  CHECK_FALSE(connection.socket.HasPartialInput());
  connection.client.Encrypt("question");
  connection.Turn();
  CHECK(connection.socket.Receive(false) == Received::kBytes);
  CHECK(connection.socket.bytes() == "question");
  CHECK(connection.SendAll("answer") == 0);
  connection.Turn();
  CHECK(connection.client.plain() == "answer");
}

TEST_CASE("TLS: a response larger than the send buffer is sent completely, each byte once") {
  SocketPair connection;
  connection.Connect();
  std::string text;
  while (text.size() < 3'000'000) text += std::to_string(text.size()) + " ";
  CHECK(connection.SendAll(text) > 10);
  while (connection.Turn()) {
  }
  CHECK(connection.client.plain() == text);
}

TEST_CASE("TLS: close_notify follows all sent bytes, also if there is no room at first") {
  SocketPair connection;
  connection.Connect();
  size_t sent = 0;
  const std::string text(1000, 'x');
  // Until there is no room for close_notify.
  for (auto count = connection.socket.Send(text); count && *count == text.size();
       count = connection.socket.Send(text))
    sent += text.size();
  connection.socket.FinishSending();
  CHECK(connection.socket.HasUnsent());
  while (connection.socket.HasUnsent()) {
    REQUIRE(connection.Turn());
    REQUIRE(connection.socket.Discard());
  }
  while (connection.Turn()) {
  }
  CHECK(connection.client.plain().size() >= sent);
  CHECK(connection.client.received_close_notify());
  CHECK(connection.at_end);
}

TEST_CASE("TLS: a response may follow the client's close_notify") {
  SocketPair connection;
  connection.Connect();
  connection.client.Encrypt("question");
  connection.client.Shutdown();
  connection.Turn();
  CHECK(connection.socket.Receive(false) == Received::kBytes);
  CHECK(connection.socket.bytes() == "question");
  CHECK(connection.socket.Receive(false) == Received::kClosed);
  CHECK(connection.SendAll("answer") == 0);
  connection.Turn();
  CHECK(connection.client.plain() == "answer");
}

TEST_CASE("TLS: closing a socket sends close_notify, resetting it does not") {
  for (const bool reset : {false, true}) {
    std::array<int, 2> ends{};
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) == 0);
    const TlsContext context(ForLocalhost().pair);
    TlsClient client(ForLocalhost().ca);
    std::array<char, 65536> bytes;
    const auto turn = [&] {
      const std::string wire = client.Outgoing();
      if (!wire.empty()) (void)!::write(ends[1], wire.data(), wire.size());
      const ssize_t count = ::recv(ends[1], bytes.data(), bytes.size(), MSG_DONTWAIT);
      if (count > 0) client.Decrypt({bytes.data(), static_cast<size_t>(count)});
      return !wire.empty() || count > 0;
    };
    {
      ClientSocket socket(ends[0], &context);
      while (turn() || socket.Receive(false) == Received::kBytes) {
      }
      REQUIRE(client.is_connected());
      if (reset) socket.ResetAtClose();
    }
    while (turn()) {
    }
    CHECK(client.received_close_notify() != reset);
    ::close(ends[1]);
  }
}

TEST_CASE("TLS: a client that begins with plain HTTP is received and answered without TLS") {
  SocketPair connection;
  (void)!::write(connection.theirs, "GET /", 5);
  CHECK(connection.socket.Receive(false) == Received::kBytes);
  CHECK(connection.socket.is_plain_by_mistake());
  CHECK_FALSE(connection.socket.is_secure());
  CHECK(connection.socket.bytes() == "GET /");
  CHECK(connection.socket.Send("answer") == 6);
  std::array<char, 6> answer{};
  CHECK(::read(connection.theirs, answer.data(), answer.size()) == 6);
  CHECK(std::string_view(answer.data(), answer.size()) == "answer");
}

TEST_CASE("TLS: nothing can be sent before the handshake is finished") {
  SocketPair connection;
  const std::string hello = connection.client.Outgoing();
  (void)!::write(connection.theirs, hello.data(), hello.size() / 2);
  CHECK(connection.socket.Receive(false) == Received::kBytes);
  CHECK(connection.socket.HasPartialInput());
  CHECK(connection.socket.bytes().empty());
  CHECK_FALSE(connection.socket.Send("answer").has_value());
}

TEST_CASE("TLS: an idle connection keeps no bytes to send") {
  SocketPair connection;
  connection.Connect();
  CHECK_FALSE(connection.socket.HasUnsent());
  CHECK_FALSE(connection.socket.HasUnread());
}
