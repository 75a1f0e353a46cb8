#include "door/visitors.h"

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

#include "door/certificates.h"
#include "tls_client.h"

using namespace emulator;
using namespace std::chrono_literals;
using For = Visitors::For;

namespace {

constexpr auto kVisitGuard = 10s;

// A client whose other end is ours. Not TCP: only what is waited for matters here.
struct Caller {
  explicit Caller(Visitors& clients, const TlsContext* tls = nullptr) {
    std::array<int, 2> ends{};
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) == 0);
    ours = ends[0];
    visitor = &clients.Enter(ends[1], tls, {});
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
    while (visitor->socket.Send(bytes) == bytes.size()) {
    }
  }

  int ours = -1;
  Visitor* visitor = nullptr;
};

// The first news that are any.
std::vector<Visitors::Woken> Await(Visitors& clients) {
  Visitors::News news;
  const RealTime until = RealNow() + kVisitGuard;
  while (news.woken.empty() && RealNow() < until) clients.Await(news, until);
  return news.woken;
}

}  // namespace

TEST_CASE(
    "who waits until the earliest time there is need not wait: nothing was taken away of it") {
  Visitors clients({});
  const Caller caller(clients);
  REQUIRE(clients.Wait(*caller.visitor, For::kTime, RealTime::min()));
  const auto woken = Await(clients);
  REQUIRE(woken.size() == 1);
  CHECK(woken[0].cause == Visitors::Cause::kTime);
  clients.Leave(*caller.visitor);
}

TEST_CASE("bytes wake who waits for them, once") {
  Visitors clients({});
  const Caller caller(clients);
  REQUIRE(clients.Wait(*caller.visitor, For::kBytes, RealNow() + kVisitGuard));
  caller.Send("a");
  const auto woken = Await(clients);
  REQUIRE(woken.size() == 1);
  CHECK(&woken[0].visitor == caller.visitor);
  CHECK(woken[0].cause == Visitors::Cause::kCalled);
  Visitors::News news;
  clients.Await(news, RealNow());
  CHECK(news.woken.empty());
}

TEST_CASE("who waits for a time is woken by nothing else, and in the order of times") {
  Visitors clients({});
  const Caller late(clients), early(clients), both(clients);
  const RealTime now = RealNow();
  REQUIRE(clients.Wait(*late.visitor, For::kTime, now + 40ms));
  REQUIRE(clients.Wait(*early.visitor, For::kTime, now + 20ms));
  REQUIRE(clients.Wait(*both.visitor, For::kBytes, now + 30ms));
  late.Send("a");
  early.Send("a");
  std::vector<Visitor*> order;
  while (order.size() < 3) {
    const auto woken = Await(clients);
    REQUIRE(!woken.empty());
    for (const auto& [visitor, cause] : woken) {
      CHECK(cause == Visitors::Cause::kTime);
      order.push_back(&visitor);
    }
  }
  CHECK(RealNow() >= now + 40ms);
  CHECK(order == std::vector{early.visitor, both.visitor, late.visitor});
}

TEST_CASE("concurrency: an earlier time ends a sleep that had begun") {
  Visitors clients({});
  const Caller first(clients), second(clients);
  REQUIRE(clients.Wait(*first.visitor, For::kTime, RealNow() + 1h));
  std::thread thread([&] { clients.Wait(*second.visitor, For::kTime, RealNow() + 1ms); });
  const auto woken = Await(clients);
  thread.join();
  REQUIRE(woken.size() == 1);
  CHECK(&woken[0].visitor == second.visitor);
}

TEST_CASE("room wakes who waits for bytes, too, where something of TLS is unsent") {
  const auto issued = IssueCertificate({"localhost"});
  const TlsContext tls(issued.pair);
  Visitors clients({});
  const Caller caller(clients, &tls);
  ClientSocket& socket = caller.visitor->socket;
  TlsClient client(issued.ca);
  std::array<char, 65536> bytes;
  while (!client.is_connected()) {
    caller.Send(client.Outgoing());
    REQUIRE(socket.Receive(false) == ClientSocket::Received::kBytes);
    const ssize_t count = ::recv(caller.ours, bytes.data(), bytes.size(), MSG_DONTWAIT);
    if (count > 0) client.Take({bytes.data(), static_cast<size_t>(count)});
  }
  caller.Send(client.Outgoing());
  REQUIRE(socket.Receive(false) == ClientSocket::Received::kBytes);

  caller.Fill();
  socket.FinishSending();
  REQUIRE(socket.HasUnsent());
  REQUIRE(clients.Wait(*caller.visitor, For::kBytes, RealNow() + kVisitGuard));
  Visitors::News news;
  clients.Await(news, RealNow());
  CHECK(news.woken.empty());
  while (::recv(caller.ours, bytes.data(), bytes.size(), MSG_DONTWAIT) > 0) {
  }
  const auto woken = Await(clients);
  REQUIRE(woken.size() == 1);
  CHECK(woken[0].cause == Visitors::Cause::kCalled);
}

TEST_CASE("room wakes who waits for it; a connection that ends, whoever waits for no bytes") {
  Visitors clients({});
  Caller full(clients);
  full.Fill();
  REQUIRE(clients.Wait(*full.visitor, For::kRoom, RealNow() + kVisitGuard));
  Visitors::News news;
  clients.Await(news, RealNow());
  CHECK(news.woken.empty());
  std::array<char, 65536> bytes;
  while (::recv(full.ours, bytes.data(), bytes.size(), MSG_DONTWAIT) > 0) {
  }
  auto woken = Await(clients);
  REQUIRE(woken.size() == 1);
  CHECK(woken[0].cause == Visitors::Cause::kCalled);

  for (const For what : {For::kRoom, For::kTime}) {
    Caller gone(clients);
    gone.Fill();
    REQUIRE(clients.Wait(*gone.visitor, what, RealNow() + kVisitGuard));
    gone.Close();
    woken = Await(clients);
    REQUIRE(woken.size() == 1);
    CHECK(woken[0].cause == Visitors::Cause::kGone);
  }
}

TEST_CASE("a ring wakes who waits for it, once for all rings since the last wait") {
  Visitors clients({});
  const Caller caller(clients);
  const auto wait = [&] {
    REQUIRE(clients.Wait(*caller.visitor, For::kRing, RealNow() + kVisitGuard));
  };
  const auto is_rung = [&] {
    const auto woken = Await(clients);
    return woken.size() == 1 && &woken[0].visitor == caller.visitor &&
           woken[0].cause == Visitors::Cause::kCalled;
  };
  const auto is_quiet = [&] {
    Visitors::News news;
    clients.Await(news, RealNow());
    return news.woken.empty();
  };
  clients.Ring(caller.visitor->id);  // before it waits
  clients.Ring(caller.visitor->id);
  wait();
  CHECK(is_rung());
  wait();
  CHECK(is_quiet());
  caller.Send("a");  // bytes are not what it waits for
  CHECK(is_quiet());
  clients.Ring(caller.visitor->id);  // while it waits
  clients.Ring(caller.visitor->id);
  CHECK(is_rung());
  clients.Ring(caller.visitor->id);  // while it is served
  wait();
  CHECK(is_rung());
  wait();
  CHECK(is_quiet());
}

TEST_CASE("a ring is kept for who waits for something else, and is nothing to who has left") {
  Visitors clients({});
  const Caller caller(clients);
  REQUIRE(clients.Wait(*caller.visitor, For::kTime, RealNow() + 20ms));
  clients.Ring(caller.visitor->id);
  auto woken = Await(clients);
  REQUIRE(woken.size() == 1);
  CHECK(woken[0].cause == Visitors::Cause::kTime);
  REQUIRE(clients.Wait(*caller.visitor, For::kRing, RealNow() + kVisitGuard));
  woken = Await(clients);
  REQUIRE(woken.size() == 1);
  CHECK(woken[0].cause == Visitors::Cause::kCalled);

  const uint64_t id = caller.visitor->id;
  clients.Leave(*caller.visitor);
  clients.Ring(id);
  const Caller other(clients);
  REQUIRE(clients.Wait(*other.visitor, For::kRing, RealNow()));
  woken = Await(clients);
  REQUIRE(woken.size() == 1);
  CHECK(woken[0].cause == Visitors::Cause::kTime);
}

TEST_CASE("who waits for a ring is gone when its client closes, or sends no more") {
  Visitors clients({});
  for (const bool closes : {true, false}) {
    Caller gone(clients);
    gone.Send("a");  // is left where it is
    REQUIRE(clients.Wait(*gone.visitor, For::kRing, RealNow() + kVisitGuard));
    if (closes)
      gone.Close();
    else
      ::shutdown(gone.ours, SHUT_WR);
    const auto woken = Await(clients);
    REQUIRE(woken.size() == 1);
    CHECK(woken[0].cause == Visitors::Cause::kGone);
    clients.Leave(woken[0].visitor);
  }
}

TEST_CASE("concurrency: a ring ends a sleep that had begun") {
  Visitors clients({});
  const Caller caller(clients);
  REQUIRE(clients.Wait(*caller.visitor, For::kRing, RealTime::max()));
  std::thread thread([&] { clients.Ring(caller.visitor->id); });
  const auto woken = Await(clients);
  thread.join();
  REQUIRE(woken.size() == 1);
  CHECK(woken[0].cause == Visitors::Cause::kCalled);
}

TEST_CASE("a crowd whose time is over does not hide who else came") {
  Visitors clients({});
  std::vector<std::unique_ptr<Caller>> crowd;
  for (int i = 0; i < 300; ++i) {
    crowd.push_back(std::make_unique<Caller>(clients));
    REQUIRE(clients.Wait(*crowd.back()->visitor, For::kTime, RealNow()));
  }
  Visitors::News news;
  clients.Await(news);
  CHECK(news.woken.size() < 100);
  const Caller fresh(clients);
  REQUIRE(clients.Wait(*fresh.visitor, For::kBytes, RealNow() + kVisitGuard));
  fresh.Send("a");
  clients.Await(news);
  CHECK(&news.woken[0].visitor == fresh.visitor);
}

TEST_CASE("who left is waited for no more") {
  Visitors clients({});
  Caller caller(clients);
  REQUIRE(clients.Wait(*caller.visitor, For::kBytes, RealNow()));
  const auto woken = Await(clients);
  REQUIRE(woken.size() == 1);
  CHECK(woken[0].cause == Visitors::Cause::kTime);
  caller.Send("a");  // it is still watched
  clients.Leave(woken[0].visitor);
  CHECK(clients.count() == 0);
  Visitors::News news;
  clients.Await(news, RealNow());
  CHECK(news.woken.empty());
}

TEST_CASE("at the end only room is waited for, and the last one to leave ends it") {
  Visitors clients({});
  const Caller idle(clients), late(clients), told(clients), full(clients), served(clients);
  full.Fill();
  REQUIRE(clients.Wait(*idle.visitor, For::kBytes, RealNow() + kVisitGuard));
  REQUIRE(clients.Wait(*late.visitor, For::kTime, RealNow() + kVisitGuard));
  REQUIRE(clients.Wait(*told.visitor, For::kRing, RealNow() + kVisitGuard));
  REQUIRE(clients.Wait(*full.visitor, For::kRoom, RealNow() + 20ms));
  auto ended = clients.EndWaiting();
  CHECK(ended.size() == 3);
  for (Visitor* visitor : ended) {
    CHECK((visitor == idle.visitor || visitor == late.visitor || visitor == told.visitor));
    CHECK_FALSE(clients.Wait(*visitor, For::kRing, RealNow() + kVisitGuard));
    CHECK_FALSE(clients.Wait(*visitor, For::kBytes, RealNow() + kVisitGuard));
    CHECK_FALSE(clients.Wait(*visitor, For::kTime, RealNow() + kVisitGuard));
    clients.Leave(*visitor);
  }
  CHECK(served.visitor->socket.Receive(true) == ClientSocket::Received::kClosed);
  clients.Leave(*served.visitor);
  const auto woken = Await(clients);
  REQUIRE(woken.size() == 1);
  clients.Leave(woken[0].visitor);
  Visitors::News news;
  clients.Await(news, RealNow() + 1h);
  CHECK(clients.count() == 0);
}
