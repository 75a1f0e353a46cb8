#include "world/world.h"

namespace emulator {

namespace {

Fixtures OpenFixtures(const std::string& file, const FixtureSet& seed) {
  if (file.empty()) return Fixtures(seed);
  return Fixtures(file, seed);
}

}  // namespace

World::World(const FixtureSet& seed, const std::string& store_file,
             std::optional<std::vector<RateLimit>> limits_for_all)
    : fixtures(OpenFixtures(store_file, seed)), limits_for_all_(std::move(limits_for_all)) {}

const std::vector<RateLimit>& World::LimitsOf(const Client& client) const {
  if (limits_for_all_) return *limits_for_all_;
  if (!client.rate_limits.empty()) return client.rate_limits;
  return TierLimits(client.tier);
}

}  // namespace emulator
