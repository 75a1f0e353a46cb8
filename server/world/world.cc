#include "world/world.h"

namespace emulator {

const std::vector<RateLimit>& World::LimitsOf(const Client& client) const {
  if (limits_for_all_) return *limits_for_all_;
  if (!client.rate_limits.empty()) return client.rate_limits;
  return TierLimits(client.tier);
}

}  // namespace emulator
