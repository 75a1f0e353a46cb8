// All state that requests read and change. Worlds are independent, so that tests cannot affect each
// other.
//
// Threads: any, like its members.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/guid.h"
#include "fixtures/copy_on_write_store.h"
#include "http/request.h"
#include "journal/journal.h"
#include "world/api_profile.h"
#include "world/faults.h"
#include "world/grants.h"
#include "world/rate_limiter.h"
#include "world/run_starts.h"

namespace emulator::world {

// The path prefix "/_sandbox/{name}" selects a sandbox.
inline constexpr std::string_view kSandboxPrefix = "/_sandbox";

struct World;

// What one request uses of a world: one time, one edition, and the fixture store that the world had
// at the start. The store itself is live: another request may change or delete a row meanwhile.
struct Snapshot {
  World& world;
  std::shared_ptr<const fixtures::FixtureStore> fixtures;
  Time now;
  ApiProfile profile;
};

struct World {
  // The initial state, also after a reset.
  struct Settings {
    // Replaces the limits of all tiers and clients. An empty list disables rate limits.
    std::optional<std::vector<fixtures::RateLimit>> limits_for_all{};
    ApiProfile profile{};
    std::optional<uint64_t> seed{};  // for generated ids; nullopt: random
  };

  // `store`: a FixtureStore belongs to the world; a const FixtureStore is a seed, shared until the
  // first write. `requests`: an empty journal. `sandbox`: the name; empty: the default world.
  template <typename Store>
  World(std::shared_ptr<Store> store, const Settings& initial,
        std::shared_ptr<journal::Journal> requests, std::string sandbox = {})
      : name(std::move(sandbox)),
        settings(initial),
        fixtures(std::move(store)),
        guids(initial.seed),
        profile(initial.profile),
        journal(std::move(requests)) {}

  // The prefix of its paths; empty for the default world.
  std::string path_prefix() const {
    return name.empty() ? name : std::string(kSandboxPrefix) + "/" + name;
  }

  Snapshot TakeSnapshot() { return {*this, fixtures.Read(), clock.Now(), profile.load()}; }

  // True if --rate-limit replaces the limits of all clients.
  bool LimitsAll() const { return settings.limits_for_all.has_value(); }
  // The limits for all clients, else the client's own, else those of its tier.
  const std::vector<fixtures::RateLimit>& LimitsOf(const fixtures::Client& client) const;

  const std::string name;
  const Settings settings;
  Clock clock;
  fixtures::CopyOnWriteStore fixtures;
  Guids guids;  // for connections and runs that clients create
  std::atomic<ApiProfile> profile;
  RunStarts run_starts;
  Grants grants;
  RateLimiter limiter;
  Faults faults;
  const std::shared_ptr<journal::Journal> journal;  // may outlive the world
};

// The base of links to a world, such as "http://localhost:8080/_sandbox/ci-7". `public_url`:
// replaces the origin of the request unless empty. `sandbox`: the world's name.
std::string BaseUrl(const std::string& public_url, const http::Request& request,
                    const std::string& sandbox);

}  // namespace emulator::world
