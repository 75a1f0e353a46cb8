#include "world/rate_limiter.h"

#include <algorithm>
#include <functional>

namespace emulator::world {

RateLimiter::Window& RateLimiter::Ledger::WindowAt(std::chrono::seconds length, Time now) {
  auto window = std::find_if(windows.begin(), windows.end(),
                             [&](const Window& w) { return w.length == length; });
  if (window == windows.end()) window = windows.insert(windows.end(), {length, now, 0});
  if (!window->IsOpen(now)) *window = {length, now, 0};
  return *window;
}

RateLimiter::Shard& RateLimiter::ShardOf(const std::string& client) {
  return shards_[std::hash<std::string>{}(client) % shards_.size()];
}

fixtures::Admission RateLimiter::Admit(const std::string& client,
                                       const std::vector<fixtures::RateLimit>& limits,
                                       const Clock& clock) {
  Shard& shard = ShardOf(client);
  const std::lock_guard lock(shard.mutex);
  const Time now = clock.Now();
  Ledger& ledger = shard.ledgers[client];
  const auto& active = ledger.Limits(limits);

  fixtures::Admission admission;
  for (const fixtures::RateLimit& limit : active) {
    const Window& window = ledger.WindowAt(limit.window, now);
    if (window.used < limit.calls) continue;
    const auto remaining =
        std::chrono::ceil<std::chrono::seconds>(window.start + window.length - now);
    const auto wait = std::max(std::chrono::seconds(1), remaining);
    if (admission.wait && *admission.wait >= wait) continue;
    admission = {wait, limit, window.used};
  }
  if (admission.wait) return admission;

  for (const fixtures::RateLimit& limit : active) {
    const int64_t used = ++ledger.WindowAt(limit.window, now).used;
    if (!admission.limit || limit.calls - used < admission.limit->calls - admission.used)
      admission = {std::nullopt, limit, used};
  }
  return admission;
}

void RateLimiter::Set(const std::string& client,
                      std::optional<std::vector<fixtures::RateLimit>> replacement) {
  Shard& shard = ShardOf(client);
  const std::lock_guard lock(shard.mutex);
  shard.ledgers[client].replacement = std::move(replacement);
}

bool RateLimiter::Exhaust(const std::string& client, const std::vector<fixtures::RateLimit>& limits,
                          const Clock& clock) {
  Shard& shard = ShardOf(client);
  const std::lock_guard lock(shard.mutex);
  const Time now = clock.Now();
  Ledger& ledger = shard.ledgers[client];
  const auto& active = ledger.Limits(limits);
  for (const fixtures::RateLimit& limit : active)
    ledger.WindowAt(limit.window, now).used = limit.calls;
  return !active.empty();
}

void RateLimiter::Forget(const std::string& client) {
  Shard& shard = ShardOf(client);
  const std::lock_guard lock(shard.mutex);
  shard.ledgers[client].windows.clear();
}

RateLimiter::Report RateLimiter::Describe(const std::string& client,
                                          const std::vector<fixtures::RateLimit>& limits,
                                          Time now) {
  Shard& shard = ShardOf(client);
  const std::lock_guard lock(shard.mutex);
  const auto found = shard.ledgers.find(client);
  const Ledger ledger = found == shard.ledgers.end() ? Ledger{} : found->second;

  Report report{.was_set = ledger.replacement.has_value(), .windows = {}};
  for (const fixtures::RateLimit& limit : ledger.Limits(limits)) {
    WindowReport& window_report = report.windows.emplace_back(WindowReport{.limit = limit});
    for (const Window& window : ledger.windows) {
      if (window.length != limit.window || !window.IsOpen(now)) continue;
      window_report.used = std::min(window.used, limit.calls);
      window_report.resets_at = window.start + window.length;
    }
  }
  return report;
}

}  // namespace emulator::world
