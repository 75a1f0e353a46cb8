// Everything a request can change or be judged by. Two Worlds never see each other: what one test
// does in its World cannot reach another's.
// Threads: as its members say, which is any.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "world/clock.h"
#include "world/faults.h"
#include "world/fixtures.h"
#include "world/rate_limiter.h"

namespace emulator {

struct World {
  // A World with its store in memory, or in `store_file` when that is not empty; see Fixtures for
  // what is thrown. `limits_for_all` takes the place of every tier's and client's limits; empty
  // limits in it switch metering off.
  World(const FixtureSet& seed, const std::string& store_file,
        std::optional<std::vector<RateLimit>> limits_for_all);

  // What holds for a client: the limits for all, else its own, else its tier's.
  const std::vector<RateLimit>& LimitsOf(const Client& client) const;

  Clock clock;
  Fixtures fixtures;
  RateLimiter limiter;
  Faults faults;

 private:
  const std::optional<std::vector<RateLimit>> limits_for_all_;
};

}  // namespace emulator
