#include "door/clients.h"

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

using namespace emulator;
using namespace std::chrono_literals;
using Cause = Clients::Cause;
using For = Clients::For;

namespace {

constexpr auto kGuard = 10s;

// A client whose other end is ours. Not TCP: only what is waited for matters here.
struct Visitor {
  explicit Visitor(Clients& clients) {
    std::array<int, 2> ends{};
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) == 0);
    ours = ends[0];
    client = &clients.Enter(ends[1], {});
  }
  ~Visitor() { Close(); }
  Visitor(const Visitor&) = delete;
  Visitor& operator=(const Visitor&) = delete;

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
    while (client->socket.Send(bytes) == bytes.size()) {
    }
  }

  int ours = -1;
  Client* client = nullptr;
};

// The first news that are any.
std::vector<Clients::Woken> Await(Clients& clients) {
  Clients::News news;
  const RealTime until = RealNow() + kGuard;
  while (news.woken.empty() && RealNow() < until) clients.Await(news, until);
  return news.woken;
}

}  // namespace

TEST_CASE("bytes wake who waits for them, once") {
  Clients clients({});
  const Visitor visitor(clients);
  REQUIRE(clients.Wait(*visitor.client, For::kBytes, RealNow() + kGuard));
  visitor.Send("a");
  const auto woken = Await(clients);
  REQUIRE(woken.size() == 1);
  CHECK(&woken[0].client == visitor.client);
  CHECK(woken[0].cause == Cause::kCalled);
  Clients::News news;
  clients.Await(news, RealNow());
  CHECK(news.woken.empty());
}

TEST_CASE("who waits for a time is woken by nothing else, and in the order of times") {
  Clients clients({});
  const Visitor late(clients), early(clients), both(clients);
  const RealTime now = RealNow();
  REQUIRE(clients.Wait(*late.client, For::kTime, now + 40ms));
  REQUIRE(clients.Wait(*early.client, For::kTime, now + 20ms));
  REQUIRE(clients.Wait(*both.client, For::kBytes, now + 30ms));
  late.Send("a");
  early.Send("a");
  std::vector<Client*> order;
  while (order.size() < 3) {
    const auto woken = Await(clients);
    REQUIRE(!woken.empty());
    for (const auto& [client, cause] : woken) {
      CHECK(cause == Cause::kTime);
      order.push_back(&client);
    }
  }
  CHECK(RealNow() >= now + 40ms);
  CHECK(order == std::vector{early.client, both.client, late.client});
}

TEST_CASE("concurrency: an earlier time ends a sleep that had begun") {
  Clients clients({});
  const Visitor first(clients), second(clients);
  REQUIRE(clients.Wait(*first.client, For::kTime, RealNow() + 1h));
  std::thread thread([&] { clients.Wait(*second.client, For::kTime, RealNow() + 1ms); });
  const auto woken = Await(clients);
  thread.join();
  REQUIRE(woken.size() == 1);
  CHECK(&woken[0].client == second.client);
}

TEST_CASE("room wakes who waits for it; a connection that ends, whoever waits for no bytes") {
  Clients clients({});
  Visitor full(clients);
  full.Fill();
  REQUIRE(clients.Wait(*full.client, For::kRoom, RealNow() + kGuard));
  Clients::News news;
  clients.Await(news, RealNow());
  CHECK(news.woken.empty());
  std::array<char, 65536> bytes;
  while (::recv(full.ours, bytes.data(), bytes.size(), MSG_DONTWAIT) > 0) {
  }
  auto woken = Await(clients);
  REQUIRE(woken.size() == 1);
  CHECK(woken[0].cause == Cause::kCalled);

  for (const For what : {For::kRoom, For::kTime}) {
    Visitor gone(clients);
    gone.Fill();
    REQUIRE(clients.Wait(*gone.client, what, RealNow() + kGuard));
    gone.Close();
    woken = Await(clients);
    REQUIRE(woken.size() == 1);
    CHECK(woken[0].cause == Cause::kGone);
  }
}

TEST_CASE("a crowd whose time is over does not hide who else came") {
  Clients clients({});
  std::vector<std::unique_ptr<Visitor>> crowd;
  for (int i = 0; i < 300; ++i) {
    crowd.push_back(std::make_unique<Visitor>(clients));
    REQUIRE(clients.Wait(*crowd.back()->client, For::kTime, RealNow()));
  }
  Clients::News news;
  clients.Await(news);
  CHECK(news.woken.size() < 100);
  const Visitor fresh(clients);
  REQUIRE(clients.Wait(*fresh.client, For::kBytes, RealNow() + kGuard));
  fresh.Send("a");
  clients.Await(news);
  CHECK(&news.woken[0].client == fresh.client);
}

TEST_CASE("who left is waited for no more") {
  Clients clients({});
  Visitor visitor(clients);
  REQUIRE(clients.Wait(*visitor.client, For::kBytes, RealNow()));
  const auto woken = Await(clients);
  REQUIRE(woken.size() == 1);
  CHECK(woken[0].cause == Cause::kTime);
  visitor.Send("a");  // it is still watched
  clients.Leave(woken[0].client);
  CHECK(clients.count() == 0);
  Clients::News news;
  clients.Await(news, RealNow());
  CHECK(news.woken.empty());
}

TEST_CASE("at the end only room is waited for, and the last one to leave ends it") {
  Clients clients({});
  const Visitor idle(clients), late(clients), full(clients), served(clients);
  full.Fill();
  REQUIRE(clients.Wait(*idle.client, For::kBytes, RealNow() + kGuard));
  REQUIRE(clients.Wait(*late.client, For::kTime, RealNow() + kGuard));
  REQUIRE(clients.Wait(*full.client, For::kRoom, RealNow() + 20ms));
  auto ended = clients.EndWaiting();
  CHECK(ended.size() == 2);
  for (Client* client : ended) {
    CHECK((client == idle.client || client == late.client));
    CHECK_FALSE(clients.Wait(*client, For::kBytes, RealNow() + kGuard));
    CHECK_FALSE(clients.Wait(*client, For::kTime, RealNow() + kGuard));
    clients.Leave(*client);
  }
  CHECK(served.client->socket.Receive(true) == ClientSocket::Received::kClosed);
  clients.Leave(*served.client);
  const auto woken = Await(clients);
  REQUIRE(woken.size() == 1);
  clients.Leave(woken[0].client);
  Clients::News news;
  clients.Await(news, RealNow() + 1h);
  CHECK(clients.count() == 0);
}
