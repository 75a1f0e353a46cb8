#include "http/server/connection_poller.h"

#include <doctest/doctest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "crypto/certificates.h"
#include "support/tls_client.h"

using namespace emulator;
using namespace emulator::http;
using namespace emulator::http::server;
using namespace std::chrono_literals;
using Interest = ConnectionPoller::Interest;

namespace {

constexpr auto kPollGuard = 10s;

// A client and its connection. Unix sockets suffice, because the tests are about waiting.
struct PollerClient {
  explicit PollerClient(ConnectionPoller& poller, const TlsContext* tls = nullptr) {
    std::array<int, 2> ends{};
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) == 0);
    ours = ends[0];
    connection = &poller.Add(ends[1], tls, {});
  }
  ~PollerClient() { Close(); }
  PollerClient(const PollerClient&) = delete;
  PollerClient& operator=(const PollerClient&) = delete;

  void Send(std::string_view bytes) const {
    REQUIRE(::send(ours, bytes.data(), bytes.size(), MSG_NOSIGNAL) ==
            static_cast<ssize_t>(bytes.size()));
  }
  void Close() {
    if (ours >= 0) ::close(std::exchange(ours, -1));
  }
  // Sends until there is no more room.
  void Fill() const {
    const std::string bytes(100'000, 'x');
    while (connection->socket.Send(bytes) == bytes.size()) {
    }
  }

  int ours = -1;
  HttpConnection* connection = nullptr;
};

// Polls until there is a result.
std::vector<ConnectionPoller::ReadyConnection> Poll(ConnectionPoller& poller) {
  ConnectionPoller::PollResult result;
  const RealTime until = RealNow() + kPollGuard;
  while (result.woken.empty() && RealNow() < until) poller.Poll(result, until);
  return result.woken;
}

}  // namespace

TEST_CASE("a wait until the earliest possible time ends at once") {
  ConnectionPoller poller({});
  const PollerClient client(poller);
  REQUIRE(poller.Wait(*client.connection, Interest::kTime, RealTime::min()));
  const auto woken = Poll(poller);
  REQUIRE(woken.size() == 1);
  CHECK(woken[0].reason == ConnectionPoller::WakeReason::kTime);
  poller.Close(*client.connection);
}

TEST_CASE("input ends a wait for input, once") {
  ConnectionPoller poller({});
  const PollerClient client(poller);
  REQUIRE(poller.Wait(*client.connection, Interest::kReadable, RealNow() + kPollGuard));
  client.Send("a");
  const auto woken = Poll(poller);
  REQUIRE(woken.size() == 1);
  CHECK(&woken[0].connection == client.connection);
  CHECK(woken[0].reason == ConnectionPoller::WakeReason::kReady);
  ConnectionPoller::PollResult result;
  poller.Poll(result, RealNow());
  CHECK(result.woken.empty());
}

TEST_CASE("a wait for a time ends at that time only, in the order of times") {
  ConnectionPoller poller({});
  const PollerClient late(poller), early(poller), both(poller);
  const RealTime now = RealNow();
  REQUIRE(poller.Wait(*late.connection, Interest::kTime, now + 40ms));
  REQUIRE(poller.Wait(*early.connection, Interest::kTime, now + 20ms));
  REQUIRE(poller.Wait(*both.connection, Interest::kReadable, now + 30ms));
  late.Send("a");
  early.Send("a");
  std::vector<HttpConnection*> order;
  while (order.size() < 3) {
    const auto woken = Poll(poller);
    REQUIRE(!woken.empty());
    for (const auto& [connection, reason] : woken) {
      CHECK(reason == ConnectionPoller::WakeReason::kTime);
      order.push_back(&connection);
    }
  }
  CHECK(RealNow() >= now + 40ms);
  CHECK(order == std::vector{early.connection, both.connection, late.connection});
}

TEST_CASE("concurrency: an earlier time interrupts a poll that has begun") {
  ConnectionPoller poller({});
  const PollerClient first(poller), second(poller);
  REQUIRE(poller.Wait(*first.connection, Interest::kTime, RealNow() + 1h));
  std::thread thread([&] { poller.Wait(*second.connection, Interest::kTime, RealNow() + 1ms); });
  const auto woken = Poll(poller);
  thread.join();
  REQUIRE(woken.size() == 1);
  CHECK(&woken[0].connection == second.connection);
}

TEST_CASE("with unsent TLS output, room to send also ends a wait for input") {
  const auto issued = crypto::IssueCertificate({"localhost"});
  const TlsContext tls(issued.pair);
  ConnectionPoller poller({});
  const PollerClient client(poller, &tls);
  ClientSocket& socket = client.connection->socket;
  TlsClient tls_client(issued.ca);
  std::array<char, 65536> bytes;
  while (!tls_client.is_connected()) {
    client.Send(tls_client.Outgoing());
    REQUIRE(socket.Receive(false) == ClientSocket::Received::kBytes);
    const ssize_t count = ::recv(client.ours, bytes.data(), bytes.size(), MSG_DONTWAIT);
    if (count > 0) tls_client.Decrypt({bytes.data(), static_cast<size_t>(count)});
  }
  client.Send(tls_client.Outgoing());
  REQUIRE(socket.Receive(false) == ClientSocket::Received::kBytes);

  client.Fill();
  socket.FinishSending();
  REQUIRE(socket.HasUnsent());
  REQUIRE(poller.Wait(*client.connection, Interest::kReadable, RealNow() + kPollGuard));
  ConnectionPoller::PollResult result;
  poller.Poll(result, RealNow());
  CHECK(result.woken.empty());
  while (::recv(client.ours, bytes.data(), bytes.size(), MSG_DONTWAIT) > 0) {
  }
  const auto woken = Poll(poller);
  REQUIRE(woken.size() == 1);
  CHECK(woken[0].reason == ConnectionPoller::WakeReason::kReady);
}

TEST_CASE("room ends a wait for room; the end of a connection ends every wait except for input") {
  ConnectionPoller poller({});
  PollerClient full(poller);
  full.Fill();
  REQUIRE(poller.Wait(*full.connection, Interest::kWritable, RealNow() + kPollGuard));
  ConnectionPoller::PollResult result;
  poller.Poll(result, RealNow());
  CHECK(result.woken.empty());
  std::array<char, 65536> bytes;
  while (::recv(full.ours, bytes.data(), bytes.size(), MSG_DONTWAIT) > 0) {
  }
  auto woken = Poll(poller);
  REQUIRE(woken.size() == 1);
  CHECK(woken[0].reason == ConnectionPoller::WakeReason::kReady);

  for (const Interest interest : {Interest::kWritable, Interest::kTime}) {
    PollerClient closing(poller);
    closing.Fill();
    REQUIRE(poller.Wait(*closing.connection, interest, RealNow() + kPollGuard));
    closing.Close();
    woken = Poll(poller);
    REQUIRE(woken.size() == 1);
    CHECK(woken[0].reason == ConnectionPoller::WakeReason::kClosed);
  }
}

TEST_CASE("a wake-up ends a wait for wake-ups, once for all since the last wait") {
  ConnectionPoller poller({});
  const PollerClient client(poller);
  const auto wait = [&] {
    REQUIRE(poller.Wait(*client.connection, Interest::kWakeup, RealNow() + kPollGuard));
  };
  const auto is_woken = [&] {
    const auto woken = Poll(poller);
    return woken.size() == 1 && &woken[0].connection == client.connection &&
           woken[0].reason == ConnectionPoller::WakeReason::kReady;
  };
  const auto is_quiet = [&] {
    ConnectionPoller::PollResult result;
    poller.Poll(result, RealNow());
    return result.woken.empty();
  };
  poller.Wake(client.connection->id);  // before it waits
  poller.Wake(client.connection->id);
  wait();
  CHECK(is_woken());
  wait();
  CHECK(is_quiet());
  client.Send("a");  // input does not end this wait
  CHECK(is_quiet());
  poller.Wake(client.connection->id);  // while it waits
  poller.Wake(client.connection->id);
  CHECK(is_woken());
  poller.Wake(client.connection->id);  // while it is served
  wait();
  CHECK(is_woken());
  wait();
  CHECK(is_quiet());
}

TEST_CASE("a wake-up is kept during another wait, and is ignored after Close") {
  ConnectionPoller poller({});
  const PollerClient client(poller);
  REQUIRE(poller.Wait(*client.connection, Interest::kTime, RealNow() + 20ms));
  poller.Wake(client.connection->id);
  auto woken = Poll(poller);
  REQUIRE(woken.size() == 1);
  CHECK(woken[0].reason == ConnectionPoller::WakeReason::kTime);
  REQUIRE(poller.Wait(*client.connection, Interest::kWakeup, RealNow() + kPollGuard));
  woken = Poll(poller);
  REQUIRE(woken.size() == 1);
  CHECK(woken[0].reason == ConnectionPoller::WakeReason::kReady);

  const uint64_t id = client.connection->id;
  poller.Close(*client.connection);
  poller.Wake(id);
  const PollerClient other(poller);
  REQUIRE(poller.Wait(*other.connection, Interest::kWakeup, RealNow()));
  woken = Poll(poller);
  REQUIRE(woken.size() == 1);
  CHECK(woken[0].reason == ConnectionPoller::WakeReason::kTime);
}

TEST_CASE("a wait for wake-ups ends when the client closes the connection or its sending side") {
  ConnectionPoller poller({});
  for (const bool closes : {true, false}) {
    PollerClient closing(poller);
    closing.Send("a");  // stays unread
    REQUIRE(poller.Wait(*closing.connection, Interest::kWakeup, RealNow() + kPollGuard));
    if (closes)
      closing.Close();
    else
      ::shutdown(closing.ours, SHUT_WR);
    const auto woken = Poll(poller);
    REQUIRE(woken.size() == 1);
    CHECK(woken[0].reason == ConnectionPoller::WakeReason::kClosed);
    poller.Close(woken[0].connection);
  }
}

TEST_CASE("concurrency: a wake-up interrupts a poll that has begun") {
  ConnectionPoller poller({});
  const PollerClient client(poller);
  REQUIRE(poller.Wait(*client.connection, Interest::kWakeup, RealTime::max()));
  std::thread thread([&] { poller.Wake(client.connection->id); });
  const auto woken = Poll(poller);
  thread.join();
  REQUIRE(woken.size() == 1);
  CHECK(woken[0].reason == ConnectionPoller::WakeReason::kReady);
}

TEST_CASE("many expired waits do not hide other events") {
  ConnectionPoller poller({});
  std::vector<std::unique_ptr<PollerClient>> expired;
  for (int i = 0; i < 300; ++i) {
    expired.push_back(std::make_unique<PollerClient>(poller));
    REQUIRE(poller.Wait(*expired.back()->connection, Interest::kTime, RealNow()));
  }
  ConnectionPoller::PollResult result;
  poller.Poll(result);
  CHECK(result.woken.size() < 100);
  const PollerClient fresh(poller);
  REQUIRE(poller.Wait(*fresh.connection, Interest::kReadable, RealNow() + kPollGuard));
  fresh.Send("a");
  poller.Poll(result);
  CHECK(&result.woken[0].connection == fresh.connection);
}

TEST_CASE("a closed connection is not polled") {
  ConnectionPoller poller({});
  PollerClient client(poller);
  REQUIRE(poller.Wait(*client.connection, Interest::kReadable, RealNow()));
  const auto woken = Poll(poller);
  REQUIRE(woken.size() == 1);
  CHECK(woken[0].reason == ConnectionPoller::WakeReason::kTime);
  client.Send("a");  // it is still in the epoll set
  poller.Close(woken[0].connection);
  CHECK(poller.count() == 0);
  ConnectionPoller::PollResult result;
  poller.Poll(result, RealNow());
  CHECK(result.woken.empty());
}

TEST_CASE(
    "during shutdown only waits for room continue, and closing the last connection ends the poll") {
  ConnectionPoller poller({});
  const PollerClient idle(poller), late(poller), pending(poller), full(poller), served(poller);
  full.Fill();
  REQUIRE(poller.Wait(*idle.connection, Interest::kReadable, RealNow() + kPollGuard));
  REQUIRE(poller.Wait(*late.connection, Interest::kTime, RealNow() + kPollGuard));
  REQUIRE(poller.Wait(*pending.connection, Interest::kWakeup, RealNow() + kPollGuard));
  REQUIRE(poller.Wait(*full.connection, Interest::kWritable, RealNow() + 20ms));
  auto ended = poller.BeginShutdown();
  CHECK(ended.size() == 3);
  for (HttpConnection* connection : ended) {
    CHECK((connection == idle.connection || connection == late.connection ||
           connection == pending.connection));
    CHECK_FALSE(poller.Wait(*connection, Interest::kWakeup, RealNow() + kPollGuard));
    CHECK_FALSE(poller.Wait(*connection, Interest::kReadable, RealNow() + kPollGuard));
    CHECK_FALSE(poller.Wait(*connection, Interest::kTime, RealNow() + kPollGuard));
    poller.Close(*connection);
  }
  CHECK(served.connection->socket.Receive(true) == ClientSocket::Received::kClosed);
  poller.Close(*served.connection);
  const auto woken = Poll(poller);
  REQUIRE(woken.size() == 1);
  poller.Close(woken[0].connection);
  ConnectionPoller::PollResult result;
  poller.Poll(result, RealNow() + 1h);
  CHECK(poller.count() == 0);
}
