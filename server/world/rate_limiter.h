// Admits or refuses calls of a client. [D] who is metered and the tiers' limits (the vendor's rate
// limit page); [U] the shape of the window: ours is fixed, from the client's first admitted call.
//
// Exact: of N allowed calls N are admitted, whatever the number of threads. A refused call is
// counted nowhere. A window that starts in the future, because the clock was moved back, starts
// anew. So whoever may begin a window looks at the clock when its turn has come: a time that it
// brought along would be before the window that a call which overtook it began.
//
// Threads: any thread may call anything at any time.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "fixtures/rate_limit.h"

namespace emulator::world {

class RateLimiter {
 public:
  // `limits` here and below: what holds for the client unless something was set in its place. Empty
  // limits admit everything.
  //
  // Admitted, it was counted in every one of the limits' windows.
  fixtures::Admission Admit(const std::string& client,
                            const std::vector<fixtures::RateLimit>& limits, const Clock& clock);

  // From now on these hold for the client; nullopt: the `limits` of each call again. What was
  // counted stays counted in windows of the same length.
  void Set(const std::string& client, std::optional<std::vector<fixtures::RateLimit>> in_place);

  // The client has called as often as it may: its next call is refused. False when nothing limits
  // it.
  bool Exhaust(const std::string& client, const std::vector<fixtures::RateLimit>& limits,
               const Clock& clock);

  // Nothing was counted for the client.
  void Forget(const std::string& client);

  struct WindowReport {
    fixtures::RateLimit limit;
    int64_t used = 0;             // never more than the limit
    std::optional<Time> refills;  // when all calls are left again; absent: they are now
  };
  struct Report {
    bool was_set = false;  // by Set
    std::vector<WindowReport> windows;
  };
  Report Describe(const std::string& client, const std::vector<fixtures::RateLimit>& limits,
                  Time now);

 private:
  struct Window {
    std::chrono::seconds length{0};
    Time start;
    int64_t used = 0;

    // A window that is over, or lies in the future since the clock was moved back, holds nothing.
    bool IsOpen(Time now) const { return used > 0 && now >= start && now < start + length; }
  };
  struct Ledger {
    std::vector<Window> windows;
    std::optional<std::vector<fixtures::RateLimit>> in_place;

    const std::vector<fixtures::RateLimit>& Limits(
        const std::vector<fixtures::RateLimit>& otherwise) const {
      return in_place ? *in_place : otherwise;
    }
    // The window of that length that is open now, or begins now.
    Window& WindowAt(std::chrono::seconds length, Time now);
  };
  // Clients are spread over shards so that two of them seldom wait for each other.
  struct Shard {
    std::mutex mutex;
    std::unordered_map<std::string, Ledger> ledgers;  // guarded by mutex
  };
  Shard& ShardOf(const std::string& client);

  std::array<Shard, 16> shards_;
};

}  // namespace emulator::world
