#include "world/rate_limiter.h"

#include <algorithm>
#include <functional>
#include <stdexcept>

namespace emulator {

const std::vector<RateLimit>& TierLimits(std::string_view tier) {
  using std::chrono::hours;
  using std::chrono::minutes;
  static const std::vector<RateLimit> kSmall{{500, minutes(1)}, {5000, hours(1)}};
  static const std::vector<RateLimit> kLarge{{5000, minutes(1)}};
  // The newest page calls Trial "Community" and Basic "Standard".
  for (const std::string_view small : {"trial", "community"})
    if (tier == small) return kSmall;
  for (const std::string_view large : {"basic", "standard", "premium", "custom"})
    if (tier == large) return kLarge;
  throw std::logic_error("unknown tier " + std::string(tier));
}

std::optional<std::chrono::seconds> RateLimiter::Admit(const std::string& client,
                                                       const std::vector<RateLimit>& limits,
                                                       Time now) {
  Shard& shard = shards_[std::hash<std::string>{}(client) % shards_.size()];
  const std::lock_guard lock(shard.mutex);
  std::vector<Window>& windows = shard.windows[client];

  std::optional<std::chrono::seconds> wait;
  for (const RateLimit& limit : limits) {
    auto window = std::find_if(windows.begin(), windows.end(),
                               [&](const Window& w) { return w.length == limit.window; });
    if (window == windows.end()) window = windows.insert(windows.end(), {limit.window, now, 0});
    if (now < window->start || now >= window->start + window->length || window->used == 0)
      *window = {limit.window, now, 0};
    if (window->used < limit.calls) continue;

    const auto left = std::chrono::ceil<std::chrono::seconds>(window->start + window->length - now);
    wait = std::max(wait.value_or(std::chrono::seconds(1)), left);
  }
  if (wait) return wait;

  for (const RateLimit& limit : limits)
    for (Window& window : windows)
      if (window.length == limit.window) ++window.used;
  return std::nullopt;
}

}  // namespace emulator
