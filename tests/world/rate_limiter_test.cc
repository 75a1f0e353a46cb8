#include "world/rate_limiter.h"

#include <atomic>
#include <thread>

#include "support/world.h"

using namespace emulator;
using namespace emulator::fixtures;
using namespace emulator::world;
using namespace std::chrono_literals;

namespace {

const std::vector<RateLimit> kThreeAMinute{{3, 60s}};

Admission Admit(RateLimiter& limiter, const std::string& client,
                const std::vector<RateLimit>& limits, Time now) {
  Clock clock;
  clock.Freeze(now);
  return limiter.Admit(client, limits, clock);
}
bool Exhaust(RateLimiter& limiter, const std::string& client, const std::vector<RateLimit>& limits,
             Time now) {
  Clock clock;
  clock.Freeze(now);
  return limiter.Exhaust(client, limits, clock);
}

int Admitted(RateLimiter& limiter, const std::vector<RateLimit>& limits, int calls, Time now) {
  int admitted = 0;
  for (int i = 0; i < calls; ++i) admitted += Admit(limiter, "app", limits, now).wait ? 0 : 1;
  return admitted;
}

}  // namespace

TEST_CASE("exactly as many calls are admitted as the limit allows") {
  RateLimiter limiter;
  CHECK(Admitted(limiter, kThreeAMinute, 10, kNoon) == 3);
}

TEST_CASE("a call is admitted after the wait, not one second earlier") {
  for (const auto first : {0us, 1us, 400'000us, 999'999us}) {
    RateLimiter limiter;
    CHECK(Admitted(limiter, kThreeAMinute, 3, kNoon) == 3);
    const auto wait = Admit(limiter, "app", kThreeAMinute, kNoon + 20s + first).wait;
    REQUIRE(wait.has_value());
    CHECK(*wait == 40s);
    const Time refused = kNoon + 20s + first;
    CHECK(Admit(limiter, "app", kThreeAMinute, refused + *wait - 1s).wait.has_value());
    CHECK_FALSE(Admit(limiter, "app", kThreeAMinute, refused + *wait).wait.has_value());
  }
}

TEST_CASE("the wait is at least one second") {
  RateLimiter limiter;
  Admitted(limiter, kThreeAMinute, 3, kNoon);
  CHECK(Admit(limiter, "app", kThreeAMinute, kNoon + 60s - 1us).wait == 1s);
  CHECK_FALSE(Admit(limiter, "app", kThreeAMinute, kNoon + 60s).wait.has_value());
}

TEST_CASE("a window begins with the first call, not with the minute") {
  RateLimiter limiter;
  CHECK(Admitted(limiter, kThreeAMinute, 3, kNoon + 59s) == 3);
  CHECK(Admitted(limiter, kThreeAMinute, 1, kNoon + 61s) == 0);
  CHECK(Admitted(limiter, kThreeAMinute, 4, kNoon + 119s) == 3);
}

TEST_CASE("all windows apply, and the longest wait is returned") {
  const std::vector<RateLimit> limits{{2, 10s}, {3, 3600s}};
  RateLimiter limiter;
  CHECK(Admitted(limiter, limits, 5, kNoon) == 2);
  CHECK(Admit(limiter, "app", limits, kNoon).wait == 10s);
  CHECK(Admitted(limiter, limits, 5, kNoon + 10s) == 1);
  CHECK(Admit(limiter, "app", limits, kNoon + 10s).wait == 3590s);
  CHECK(Admitted(limiter, limits, 5, kNoon + 3600s) == 2);
}

TEST_CASE("a refused call does not count") {
  const std::vector<RateLimit> limits{{1, 10s}, {2, 3600s}};
  RateLimiter limiter;
  CHECK(Admitted(limiter, limits, 100, kNoon) == 1);
  CHECK(Admitted(limiter, limits, 1, kNoon + 10s) == 1);
}

TEST_CASE("a limit of 0 refuses every call and names its window") {
  RateLimiter limiter;
  CHECK(Admit(limiter, "app", {{0, 60s}}, kNoon).wait == 60s);
  CHECK(Admit(limiter, "app", {{0, 60s}}, kNoon + 59s).wait == 60s);
  CHECK(Admit(limiter, "app", {{0, 60s}}, kNoon + 61s).wait == 60s);
}

TEST_CASE("without limits, all calls are admitted") {
  RateLimiter limiter;
  CHECK(Admitted(limiter, {}, 100'000, kNoon) == 100'000);
}

TEST_CASE("clients have separate counts") {
  RateLimiter limiter;
  CHECK_FALSE(Admit(limiter, "one", {{1, 60s}}, kNoon).wait.has_value());
  CHECK_FALSE(Admit(limiter, "two", {{1, 60s}}, kNoon).wait.has_value());
  CHECK(Admit(limiter, "one", {{1, 60s}}, kNoon).wait.has_value());
}

TEST_CASE("a window in the future, after the clock was set back, restarts") {
  RateLimiter limiter;
  CHECK(Admitted(limiter, kThreeAMinute, 5, kNoon) == 3);
  CHECK(Admitted(limiter, kThreeAMinute, 5, kNoon - 3600s) == 3);
}

TEST_CASE("Set replaces limits until they are restored") {
  RateLimiter limiter;
  limiter.Set("app", std::vector<RateLimit>{{1, 60s}});
  CHECK(Admitted(limiter, kThreeAMinute, 10, kNoon) == 1);
  CHECK(limiter.Describe("app", kThreeAMinute, kNoon).was_set);
  CHECK_FALSE(limiter.Describe("other", kThreeAMinute, kNoon).was_set);
  limiter.Set("app", std::vector<RateLimit>{});
  CHECK(Admitted(limiter, kThreeAMinute, 10, kNoon) == 10);
  limiter.Set("app", std::nullopt);
  CHECK(Admitted(limiter, kThreeAMinute, 10, kNoon) == 2);  // one of its three calls was counted
}

TEST_CASE("an exhausted client is refused until its windows are over") {
  const std::vector<RateLimit> limits{{3, 60s}, {100, 3600s}};
  RateLimiter limiter;
  Admitted(limiter, limits, 1, kNoon);
  CHECK(Exhaust(limiter, "app", limits, kNoon + 10s));
  CHECK(Admit(limiter, "app", limits, kNoon + 10s).wait == 3590s);
  CHECK(Admit(limiter, "app", limits, kNoon + 3599s).wait == 1s);
  CHECK_FALSE(Admit(limiter, "app", limits, kNoon + 3600s).wait.has_value());
  CHECK_FALSE(Exhaust(limiter, "app", {}, kNoon));
}

TEST_CASE("Forget resets the counts and keeps replaced limits") {
  RateLimiter limiter;
  limiter.Set("app", std::vector<RateLimit>{{2, 60s}});
  CHECK(Admitted(limiter, kThreeAMinute, 5, kNoon) == 2);
  limiter.Forget("app");
  CHECK(Admitted(limiter, kThreeAMinute, 5, kNoon) == 2);
}

TEST_CASE("the report has the used calls and the end of the window") {
  RateLimiter limiter;
  CHECK_FALSE(limiter.Describe("app", kThreeAMinute, kNoon).windows[0].resets_at.has_value());
  Admitted(limiter, kThreeAMinute, 2, kNoon);
  const auto report = limiter.Describe("app", kThreeAMinute, kNoon + 59s);
  REQUIRE(report.windows.size() == 1);
  CHECK(report.windows[0].limit == kThreeAMinute[0]);
  CHECK(report.windows[0].used == 2);
  CHECK(report.windows[0].resets_at == kNoon + 60s);
  const auto later = limiter.Describe("app", kThreeAMinute, kNoon + 60s).windows[0];
  CHECK(later.used == 0);
  CHECK_FALSE(later.resets_at.has_value());
}

TEST_CASE("concurrency: exactly N of N allowed calls are admitted") {
  RateLimiter limiter;
  const std::vector<RateLimit> limits{{1000, 60s}, {1500, 3600s}};
  for (const auto& [now, expected] : {std::pair{kNoon, 1000}, {kNoon + 60s, 500}}) {
    std::atomic<int> admitted{0};
    std::vector<std::thread> threads;
    for (int t = 0; t < 8; ++t)
      threads.emplace_back([&, time = now] { admitted += Admitted(limiter, limits, 400, time); });
    for (auto& thread : threads) thread.join();
    CHECK(admitted == expected);
  }
}

TEST_CASE("concurrency: a call that another one overtakes does not restart the window") {
  const std::vector<RateLimit> limits{{1, 3600s}};
  const Clock clock;  // runs
  for (int round = 0; round < 200; ++round) {
    RateLimiter limiter;
    std::atomic<int> admitted{0};
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t)
      threads.emplace_back([&] {
        for (int i = 0; i < 50; ++i) admitted += limiter.Admit("app", limits, clock).wait ? 0 : 1;
      });
    for (auto& thread : threads) thread.join();
    REQUIRE(admitted == 1);
  }
}
