// Admits or refuses calls of a client. [D] who is metered and the tiers' limits (the vendor's rate
// limit page); [U] the shape of the window: ours is fixed, from the client's first admitted call.
//
// Exact: of N allowed calls N are admitted, whatever the number of threads. A refused call is
// counted nowhere. Time comes in with the call; a window that starts in the future, because the
// clock was moved back, starts anew.
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

#include "world/clock.h"

namespace emulator {

// At most `calls` calls in a window of `window`. 0 calls: every call is refused.
struct RateLimit {
  int64_t calls = 0;
  std::chrono::seconds window{60};

  bool operator==(const RateLimit&) const = default;
};

// The limits of a subscription tier as the vendor documents them [D].
// REQUIRES: one of the six tiers of schema/fixtures.sql.
const std::vector<RateLimit>& TierLimits(std::string_view tier);

class RateLimiter {
 public:
  // nullopt: admitted, and counted in every one of the limits' windows. Else: refused; the whole
  // seconds, at least 1, after which a call is admitted, and not one second earlier (for a limit of
  // 0 calls: the length of its window). Empty limits admit everything.
  std::optional<std::chrono::seconds> Admit(const std::string& client,
                                            const std::vector<RateLimit>& limits, Time now);

 private:
  struct Window {
    std::chrono::seconds length{0};
    Time start;
    int64_t used = 0;
  };
  // Clients are spread over shards so that two of them seldom wait for each other.
  struct Shard {
    std::mutex mutex;
    std::unordered_map<std::string, std::vector<Window>> windows;  // guarded by mutex
  };
  std::array<Shard, 16> shards_;
};

}  // namespace emulator
