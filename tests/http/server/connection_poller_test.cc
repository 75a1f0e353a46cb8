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

constexpr auto kVisitGuard = 10s;

// A client whose other end is ours. Not TCP: only interest is waited for matters here.
struct Caller {
  explicit Caller(ConnectionPoller& clients, const TlsContext* tls = nullptr) {
    std::array<int, 2> ends{};
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) == 0);
    ours = ends[0];
    connection = &clients.Add(ends[1], tls, {});
  }
  ~Caller() { Close(); }
  Caller(const Caller&) = delete;
  Caller& operator=(const Caller&) = delete;

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

// The first news that are any.
std::vector<ConnectionPoller::ReadyConnection> Poll(ConnectionPoller& clients) {
  ConnectionPoller::PollResult result;
  const RealTime until = RealNow() + kVisitGuard;
  while (result.woken.empty() && RealNow() < until) clients.Poll(result, until);
  return result.woken;
}

}  // namespace

TEST_CASE(
    "who waits until the earliest time there is need not wait: nothing was taken away of it") {
  ConnectionPoller clients({});
  const Caller caller(clients);
  REQUIRE(clients.Wait(*caller.connection, Interest::kTime, RealTime::min()));
  const auto woken = Poll(clients);
  REQUIRE(woken.size() == 1);
  CHECK(woken[0].reason == ConnectionPoller::WakeReason::kTime);
  clients.Close(*caller.connection);
}

TEST_CASE("bytes wake who waits for them, once") {
  ConnectionPoller clients({});
  const Caller caller(clients);
  REQUIRE(clients.Wait(*caller.connection, Interest::kReadable, RealNow() + kVisitGuard));
  caller.Send("a");
  const auto woken = Poll(clients);
  REQUIRE(woken.size() == 1);
  CHECK(&woken[0].connection == caller.connection);
  CHECK(woken[0].reason == ConnectionPoller::WakeReason::kReady);
  ConnectionPoller::PollResult result;
  clients.Poll(result, RealNow());
  CHECK(result.woken.empty());
}

TEST_CASE("who waits for a time is woken by nothing else, and in the order of times") {
  ConnectionPoller clients({});
  const Caller late(clients), early(clients), both(clients);
  const RealTime now = RealNow();
  REQUIRE(clients.Wait(*late.connection, Interest::kTime, now + 40ms));
  REQUIRE(clients.Wait(*early.connection, Interest::kTime, now + 20ms));
  REQUIRE(clients.Wait(*both.connection, Interest::kReadable, now + 30ms));
  late.Send("a");
  early.Send("a");
  std::vector<HttpConnection*> order;
  while (order.size() < 3) {
    const auto woken = Poll(clients);
    REQUIRE(!woken.empty());
    for (const auto& [connection, reason] : woken) {
      CHECK(reason == ConnectionPoller::WakeReason::kTime);
      order.push_back(&connection);
    }
  }
  CHECK(RealNow() >= now + 40ms);
  CHECK(order == std::vector{early.connection, both.connection, late.connection});
}

TEST_CASE("concurrency: an earlier time ends a sleep that had begun") {
  ConnectionPoller clients({});
  const Caller first(clients), second(clients);
  REQUIRE(clients.Wait(*first.connection, Interest::kTime, RealNow() + 1h));
  std::thread thread([&] { clients.Wait(*second.connection, Interest::kTime, RealNow() + 1ms); });
  const auto woken = Poll(clients);
  thread.join();
  REQUIRE(woken.size() == 1);
  CHECK(&woken[0].connection == second.connection);
}

TEST_CASE("room wakes who waits for bytes, too, where something of TLS is unsent") {
  const auto issued = crypto::IssueCertificate({"localhost"});
  const TlsContext tls(issued.pair);
  ConnectionPoller clients({});
  const Caller caller(clients, &tls);
  ClientSocket& socket = caller.connection->socket;
  TlsClient client(issued.ca);
  std::array<char, 65536> bytes;
  while (!client.is_connected()) {
    caller.Send(client.Outgoing());
    REQUIRE(socket.Receive(false) == ClientSocket::Received::kBytes);
    const ssize_t count = ::recv(caller.ours, bytes.data(), bytes.size(), MSG_DONTWAIT);
    if (count > 0) client.Decrypt({bytes.data(), static_cast<size_t>(count)});
  }
  caller.Send(client.Outgoing());
  REQUIRE(socket.Receive(false) == ClientSocket::Received::kBytes);

  caller.Fill();
  socket.FinishSending();
  REQUIRE(socket.HasUnsent());
  REQUIRE(clients.Wait(*caller.connection, Interest::kReadable, RealNow() + kVisitGuard));
  ConnectionPoller::PollResult result;
  clients.Poll(result, RealNow());
  CHECK(result.woken.empty());
  while (::recv(caller.ours, bytes.data(), bytes.size(), MSG_DONTWAIT) > 0) {
  }
  const auto woken = Poll(clients);
  REQUIRE(woken.size() == 1);
  CHECK(woken[0].reason == ConnectionPoller::WakeReason::kReady);
}

TEST_CASE("room wakes who waits for it; a connection that ends, whoever waits for no bytes") {
  ConnectionPoller clients({});
  Caller full(clients);
  full.Fill();
  REQUIRE(clients.Wait(*full.connection, Interest::kWritable, RealNow() + kVisitGuard));
  ConnectionPoller::PollResult result;
  clients.Poll(result, RealNow());
  CHECK(result.woken.empty());
  std::array<char, 65536> bytes;
  while (::recv(full.ours, bytes.data(), bytes.size(), MSG_DONTWAIT) > 0) {
  }
  auto woken = Poll(clients);
  REQUIRE(woken.size() == 1);
  CHECK(woken[0].reason == ConnectionPoller::WakeReason::kReady);

  for (const Interest interest : {Interest::kWritable, Interest::kTime}) {
    Caller gone(clients);
    gone.Fill();
    REQUIRE(clients.Wait(*gone.connection, interest, RealNow() + kVisitGuard));
    gone.Close();
    woken = Poll(clients);
    REQUIRE(woken.size() == 1);
    CHECK(woken[0].reason == ConnectionPoller::WakeReason::kClosed);
  }
}

TEST_CASE("a ring wakes who waits for it, once for all rings since the last wait") {
  ConnectionPoller clients({});
  const Caller caller(clients);
  const auto wait = [&] {
    REQUIRE(clients.Wait(*caller.connection, Interest::kWakeup, RealNow() + kVisitGuard));
  };
  const auto is_woken = [&] {
    const auto woken = Poll(clients);
    return woken.size() == 1 && &woken[0].connection == caller.connection &&
           woken[0].reason == ConnectionPoller::WakeReason::kReady;
  };
  const auto is_quiet = [&] {
    ConnectionPoller::PollResult result;
    clients.Poll(result, RealNow());
    return result.woken.empty();
  };
  clients.Wake(caller.connection->id);  // before it waits
  clients.Wake(caller.connection->id);
  wait();
  CHECK(is_woken());
  wait();
  CHECK(is_quiet());
  caller.Send("a");  // bytes are not interest it waits for
  CHECK(is_quiet());
  clients.Wake(caller.connection->id);  // while it waits
  clients.Wake(caller.connection->id);
  CHECK(is_woken());
  clients.Wake(caller.connection->id);  // while it is served
  wait();
  CHECK(is_woken());
  wait();
  CHECK(is_quiet());
}

TEST_CASE("a ring is kept for who waits for something else, and is nothing to who has left") {
  ConnectionPoller clients({});
  const Caller caller(clients);
  REQUIRE(clients.Wait(*caller.connection, Interest::kTime, RealNow() + 20ms));
  clients.Wake(caller.connection->id);
  auto woken = Poll(clients);
  REQUIRE(woken.size() == 1);
  CHECK(woken[0].reason == ConnectionPoller::WakeReason::kTime);
  REQUIRE(clients.Wait(*caller.connection, Interest::kWakeup, RealNow() + kVisitGuard));
  woken = Poll(clients);
  REQUIRE(woken.size() == 1);
  CHECK(woken[0].reason == ConnectionPoller::WakeReason::kReady);

  const uint64_t id = caller.connection->id;
  clients.Close(*caller.connection);
  clients.Wake(id);
  const Caller other(clients);
  REQUIRE(clients.Wait(*other.connection, Interest::kWakeup, RealNow()));
  woken = Poll(clients);
  REQUIRE(woken.size() == 1);
  CHECK(woken[0].reason == ConnectionPoller::WakeReason::kTime);
}

TEST_CASE("who waits for a ring is gone when its client closes, or sends no more") {
  ConnectionPoller clients({});
  for (const bool closes : {true, false}) {
    Caller gone(clients);
    gone.Send("a");  // is left where it is
    REQUIRE(clients.Wait(*gone.connection, Interest::kWakeup, RealNow() + kVisitGuard));
    if (closes)
      gone.Close();
    else
      ::shutdown(gone.ours, SHUT_WR);
    const auto woken = Poll(clients);
    REQUIRE(woken.size() == 1);
    CHECK(woken[0].reason == ConnectionPoller::WakeReason::kClosed);
    clients.Close(woken[0].connection);
  }
}

TEST_CASE("concurrency: a ring ends a sleep that had begun") {
  ConnectionPoller clients({});
  const Caller caller(clients);
  REQUIRE(clients.Wait(*caller.connection, Interest::kWakeup, RealTime::max()));
  std::thread thread([&] { clients.Wake(caller.connection->id); });
  const auto woken = Poll(clients);
  thread.join();
  REQUIRE(woken.size() == 1);
  CHECK(woken[0].reason == ConnectionPoller::WakeReason::kReady);
}

TEST_CASE("a crowd whose time is over does not hide who else came") {
  ConnectionPoller clients({});
  std::vector<std::unique_ptr<Caller>> crowd;
  for (int i = 0; i < 300; ++i) {
    crowd.push_back(std::make_unique<Caller>(clients));
    REQUIRE(clients.Wait(*crowd.back()->connection, Interest::kTime, RealNow()));
  }
  ConnectionPoller::PollResult result;
  clients.Poll(result);
  CHECK(result.woken.size() < 100);
  const Caller fresh(clients);
  REQUIRE(clients.Wait(*fresh.connection, Interest::kReadable, RealNow() + kVisitGuard));
  fresh.Send("a");
  clients.Poll(result);
  CHECK(&result.woken[0].connection == fresh.connection);
}

TEST_CASE("who left is waited for no more") {
  ConnectionPoller clients({});
  Caller caller(clients);
  REQUIRE(clients.Wait(*caller.connection, Interest::kReadable, RealNow()));
  const auto woken = Poll(clients);
  REQUIRE(woken.size() == 1);
  CHECK(woken[0].reason == ConnectionPoller::WakeReason::kTime);
  caller.Send("a");  // it is still watched
  clients.Close(woken[0].connection);
  CHECK(clients.count() == 0);
  ConnectionPoller::PollResult result;
  clients.Poll(result, RealNow());
  CHECK(result.woken.empty());
}

TEST_CASE("at the end only room is waited for, and the last one to leave ends it") {
  ConnectionPoller clients({});
  const Caller idle(clients), late(clients), told(clients), full(clients), served(clients);
  full.Fill();
  REQUIRE(clients.Wait(*idle.connection, Interest::kReadable, RealNow() + kVisitGuard));
  REQUIRE(clients.Wait(*late.connection, Interest::kTime, RealNow() + kVisitGuard));
  REQUIRE(clients.Wait(*told.connection, Interest::kWakeup, RealNow() + kVisitGuard));
  REQUIRE(clients.Wait(*full.connection, Interest::kWritable, RealNow() + 20ms));
  auto ended = clients.BeginShutdown();
  CHECK(ended.size() == 3);
  for (HttpConnection* connection : ended) {
    CHECK((connection == idle.connection || connection == late.connection ||
           connection == told.connection));
    CHECK_FALSE(clients.Wait(*connection, Interest::kWakeup, RealNow() + kVisitGuard));
    CHECK_FALSE(clients.Wait(*connection, Interest::kReadable, RealNow() + kVisitGuard));
    CHECK_FALSE(clients.Wait(*connection, Interest::kTime, RealNow() + kVisitGuard));
    clients.Close(*connection);
  }
  CHECK(served.connection->socket.Receive(true) == ClientSocket::Received::kClosed);
  clients.Close(*served.connection);
  const auto woken = Poll(clients);
  REQUIRE(woken.size() == 1);
  clients.Close(woken[0].connection);
  ConnectionPoller::PollResult result;
  clients.Poll(result, RealNow() + 1h);
  CHECK(clients.count() == 0);
}
