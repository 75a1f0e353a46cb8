// Admits or refuses the calls of each client. [D] The vendor limits each client by its tier (the
// vendor's rate limit page). [U] The shape of the window is unknown: ours has a fixed length and
// starts with the client's first admitted call.
//
// Exact: of N allowed calls N are admitted, for any number of threads. Refused calls do not count.
// A window that starts in the future, because the clock was moved back, restarts. Therefore Admit
// reads the clock under the lock: an earlier reading may precede a window that another call has
// started.
//
// Threads: any.
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
  // Counts an admitted call in the windows of all limits. `limits`, here and below: the client's
  // limits unless Set replaced them. Empty: no limit.
  fixtures::Admission Admit(const std::string& client,
                            const std::vector<fixtures::RateLimit>& limits, const Clock& clock);

  // Replaces the client's limits; nullopt: restores them. Keeps the counts of windows that have the
  // same length.
  void Set(const std::string& client, std::optional<std::vector<fixtures::RateLimit>> replacement);

  // Uses up all limits of the client: its next call is refused. False if it has no limit.
  bool Exhaust(const std::string& client, const std::vector<fixtures::RateLimit>& limits,
               const Clock& clock);

  // Resets the client's counts.
  void Forget(const std::string& client);

  struct WindowReport {
    fixtures::RateLimit limit;
    int64_t used = 0;               // at most limit.calls
    std::optional<Time> resets_at;  // when all calls are available again; nullopt: now
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

    // A window that is over, or in the future after the clock was moved back, has no counts.
    bool IsOpen(Time now) const { return used > 0 && now >= start && now < start + length; }
  };
  struct Ledger {
    std::vector<Window> windows;
    std::optional<std::vector<fixtures::RateLimit>> replacement;

    const std::vector<fixtures::RateLimit>& Limits(
        const std::vector<fixtures::RateLimit>& own) const {
      return replacement ? *replacement : own;
    }
    // The open window of that length, or a new one.
    Window& WindowAt(std::chrono::seconds length, Time now);
  };
  // Clients are distributed over shards to reduce lock contention.
  struct Shard {
    std::mutex mutex;
    std::unordered_map<std::string, Ledger> ledgers;  // guarded by mutex
  };
  Shard& ShardOf(const std::string& client);

  std::array<Shard, 16> shards_;
};

}  // namespace emulator::world
