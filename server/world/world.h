// Everything a request can change or be judged by. Two WorldRegistry never see each other: what one
// test does in its World cannot reach another's. Threads: as its members say, which is any.
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

// "/_sandbox/{name}" in front of a path chooses a sandbox.
inline constexpr std::string_view kSandboxPrefix = "/_sandbox";

struct World;

// What one request sees of a World: one time, one state of the fixtures, one profile.
struct Snapshot {
  World& world;
  std::shared_ptr<const fixtures::FixtureStore> fixtures;
  Time now;
  ApiProfile profile;
};

struct World {
  // How it begins, and begins anew.
  struct Settings {
    // In the place of every tier's and client's limits; empty limits in it switch metering off.
    std::optional<std::vector<fixtures::RateLimit>> limits_for_all{};
    ApiProfile profile{};
    std::optional<uint64_t> seed{};  // of the ids that it gives; nullopt: other ones each time
  };

  // `store`: of a FixtureStore it is the World's own; of a const one a seed, which is shared until
  // the World's first write. `requests`: an empty journal. `sandbox`: its name; empty: the default
  // World.
  template <typename Store>
  World(std::shared_ptr<Store> store, const Settings& beginning,
        std::shared_ptr<journal::Journal> requests, std::string sandbox = {})
      : name(std::move(sandbox)),
        settings(beginning),
        fixtures(std::move(store)),
        guids(beginning.seed),
        profile(beginning.profile),
        journal(std::move(requests)) {}

  // What stands in front of its paths; empty: nothing.
  std::string path_prefix() const {
    return name.empty() ? name : std::string(kSandboxPrefix) + "/" + name;
  }

  Snapshot TakeSnapshot() { return {*this, fixtures.Read(), clock.Now(), profile.load()}; }

  // --rate-limit stands over every client's own limits and tier.
  bool LimitsAll() const { return settings.limits_for_all.has_value(); }
  // What holds for a client: the limits for all, else its own, else its tier's.
  const std::vector<fixtures::RateLimit>& LimitsOf(const fixtures::Client& client) const;

  const std::string name;
  const Settings settings;
  Clock clock;
  fixtures::Fixtures fixtures;
  Guids guids;  // of what its clients make
  std::atomic<ApiProfile> profile;
  RunStarts run_starts;
  Grants grants;
  RateLimiter limiter;
  Faults faults;
  const std::shared_ptr<journal::Journal> journal;  // some look at it after its World
};

// "http://localhost:8080/_sandbox/ci-7": what links to a World begin with. `public_url` stands in
// place of what the request says of itself, unless it is empty. `sandbox`: the World's name.
std::string BaseUrl(const std::string& public_url, const http::Request& request,
                    const std::string& sandbox);

}  // namespace emulator::world
