#include "world/grants.h"

#include <atomic>
#include <thread>

#include "support/world.h"

using namespace emulator;
using namespace emulator::world;
using namespace std::chrono_literals;

namespace {

Grant GrantOf(const std::string& client) {
  return {.client = client, .user = "reader", .scopes = {"a"}, .expires = kNoon + 60s};
}

}  // namespace

TEST_CASE("a code can be used once, until it expires") {
  Grants grants;
  const std::string code = grants.AddCode(GrantOf("app"));
  CHECK(code.size() == 43);
  REQUIRE(grants.FindCode(code, kNoon).grant);
  CHECK(grants.FindCode(code, kNoon).grant->client == "app");
  CHECK(grants.FindCode(code, kNoon + 60s).error == Grants::Error::kExpired);
  CHECK(grants.UseCode(code));
  CHECK(grants.FindCode(code, kNoon).error == Grants::Error::kUsed);
  CHECK_FALSE(grants.UseCode(code));
  CHECK(grants.FindCode("another", kNoon).error == Grants::Error::kUnknown);
  CHECK_FALSE(grants.UseCode("another"));
  CHECK(grants.FindRefreshToken(code, kNoon).error == Grants::Error::kUnknown);
}

TEST_CASE("using a secret twice ends its log-in and no other") {
  Grants grants;
  const std::string code = grants.AddCode(GrantOf("app"));
  const Grant grant = *grants.FindCode(code, kNoon).grant;
  CHECK(grants.UseCode(code));
  const std::string first = grants.AddRefreshToken(grant);
  CHECK(grants.UseRefreshToken(first));
  const std::string second = grants.AddRefreshToken(grant);
  const std::string other = grants.AddRefreshToken(GrantOf("app"));

  SUBCASE("the code") {
    CHECK_FALSE(grants.UseCode(code));
  }
  SUBCASE("an older refresh token") {
    CHECK_FALSE(grants.UseRefreshToken(first));
  }
  SUBCASE("the client takes the newest back") {
    grants.RevokeRefreshToken(second);
  }
  CHECK(grants.FindRefreshToken(second, kNoon).error == Grants::Error::kUsed);
  CHECK(grants.FindRefreshToken(other, kNoon).grant);
}

TEST_CASE("revoking an access token revokes no other") {
  Grants grants;
  CHECK_FALSE(grants.IsRevoked("a"));
  grants.RevokeAccessToken("a");
  grants.RevokeAccessToken("a");
  CHECK(grants.IsRevoked("a"));
  CHECK_FALSE(grants.IsRevoked("b"));
}

TEST_CASE("a new code replaces the oldest when there are too many") {
  Grants grants;
  const std::string oldest = grants.AddCode(GrantOf("app"));
  std::string newest;
  for (int i = 0; i < 10'000; ++i) newest = grants.AddCode(GrantOf("app"));
  CHECK(grants.FindCode(oldest, kNoon).error == Grants::Error::kUnknown);
  CHECK(grants.FindCode(newest, kNoon).grant);
}

TEST_CASE("concurrency: a refresh token is used once by many threads") {
  Grants grants;
  const std::string token = grants.AddRefreshToken(GrantOf("app"));
  std::atomic<int> succeeded{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i)
    threads.emplace_back([&] {
      if (grants.UseRefreshToken(token)) ++succeeded;
      grants.RevokeAccessToken(token);
      if (!grants.IsRevoked(token)) ++succeeded;
    });
  for (std::thread& thread : threads) thread.join();
  CHECK(succeeded == 1);
}
