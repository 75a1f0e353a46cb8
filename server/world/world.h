// Everything a request can change or be judged by. Two Worlds never see each other: what one test
// does in its World cannot reach another's.
// Threads: as its members say, which is any.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "world/clock.h"
#include "world/faults.h"
#include "world/fixtures.h"
#include "world/grants.h"
#include "world/journal.h"
#include "world/rate_limiter.h"

namespace emulator {

// "/_sandbox/{name}" in front of a path chooses a sandbox.
inline constexpr std::string_view kSandboxPrefix = "/_sandbox";

struct World;

// What one request sees of a World: one time and one state of the fixtures.
struct Snapshot {
  World& world;
  std::shared_ptr<const FixtureStore> fixtures;
  Time now;
};

struct World {
  // A World with a store of its own, or one that shares a seed until its first write.
  // `limits_for_all` takes the place of every tier's and client's limits; empty limits in it switch
  // metering off. `requests`: an empty journal. `sandbox`: its name; empty: the default World.
  World(std::shared_ptr<FixtureStore> own, std::optional<std::vector<RateLimit>> limits_for_all,
        std::shared_ptr<Journal> requests, std::string sandbox = {})
      : name(std::move(sandbox)),
        fixtures(std::move(own)),
        journal(std::move(requests)),
        limits_for_all_(std::move(limits_for_all)) {}
  World(std::shared_ptr<const FixtureStore> seed,
        std::optional<std::vector<RateLimit>> limits_for_all, std::shared_ptr<Journal> requests,
        std::string sandbox = {})
      : name(std::move(sandbox)),
        fixtures(std::move(seed)),
        journal(std::move(requests)),
        limits_for_all_(std::move(limits_for_all)) {}

  // What stands in front of its paths; empty: nothing.
  std::string path_prefix() const {
    return name.empty() ? name : std::string(kSandboxPrefix) + "/" + name;
  }

  Snapshot Look() { return {*this, fixtures.Read(), clock.Now()}; }

  // --rate-limit stands over every client's own limits and tier.
  bool LimitsAll() const { return limits_for_all_.has_value(); }
  // What holds for a client: the limits for all, else its own, else its tier's.
  const std::vector<RateLimit>& LimitsOf(const Client& client) const;

  const std::string name;
  Clock clock;
  Fixtures fixtures;
  Grants grants;
  RateLimiter limiter;
  Faults faults;
  const std::shared_ptr<Journal> journal;  // some look at it after its World

 private:
  const std::optional<std::vector<RateLimit>> limits_for_all_;
};

}  // namespace emulator
