// The worlds of one emulator: the default world and the sandboxes. The first request to a sandbox
// creates it as a view of the seed, without a copy. A sandbox that is idle for long is dropped.
//
// Worlds are reference-counted: a request finishes in the world in which it started, even if that
// world is reset or dropped meanwhile.
//
// Threads: any.
#pragma once

#include <atomic>
#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/real_time.h"
#include "journal/journal_registry.h"
#include "world/world.h"

namespace emulator::world {

class WorldRegistry {
 public:
  struct Settings {
    World::Settings initial{};  // for every world
    size_t max_sandboxes = 1000;
    std::chrono::seconds sandbox_idle{
        3600};                         // real time until an unused sandbox is dropped; 0: never
    size_t journal_bytes = 32 << 20;   // of all journals together; 0: entries are not recorded
    RealTime (*real_now)() = RealNow;  // replaced by tests
  };

  // `seed`: the initial fixtures of sandboxes, and of all worlds after a reset. `file`: the default
  // world's store (--store); nullptr: the default world is also a view of the seed.
  WorldRegistry(std::shared_ptr<const fixtures::FixtureStore> seed,
                std::shared_ptr<fixtures::FixtureStore> file, Settings settings);
  ~WorldRegistry() { journals_->Release(); }
  WorldRegistry(const WorldRegistry&) = delete;
  WorldRegistry& operator=(const WorldRegistry&) = delete;

  std::shared_ptr<World> Default() const;

  // The sandbox of that name, created if necessary; nullptr if max_sandboxes exist.
  // REQUIRES: IsSandboxName(name).
  std::shared_ptr<World> Sandbox(const std::string& name);

  enum class Created { kNew, kReplaced, kTooMany };
  // Creates or replaces a sandbox. `seed`: its own seed, also for resets; nullptr: the common seed.
  Created CreateSandbox(const std::string& name,
                        std::shared_ptr<const fixtures::FixtureStore> seed);

  // False if there is no such sandbox.
  bool DeleteSandbox(const std::string& name);

  struct Report {
    std::string name;
    std::chrono::milliseconds idle{0};  // real time since the last use
    bool own_seed = false;
  };
  std::optional<Report> Describe(const std::string& name);
  std::vector<Report> List();  // by name
  const Settings& settings() const { return settings_; }
  journal::JournalRegistry& journals() const { return *journals_; }

  // Replaces a sandbox, or the default world (empty name), by a new world from its seed: fixtures,
  // clock, rate limits, faults and journal. Replaces the rows of a store in a file. False if there
  // is no such sandbox. Throws like FixtureStore::Replace.
  bool Reset(const std::string& name);

  // Changes the seed for new sandboxes and later resets. The default world uses its fixtures at
  // once and keeps its other state, unless it has a store in a file.
  void Reseed(std::shared_ptr<const fixtures::FixtureStore> seed);

 private:
  struct Sandboxed {
    std::shared_ptr<World> world;
    std::shared_ptr<const fixtures::FixtureStore> own_seed;
    std::atomic<RealTime> last_use{};
  };
  using Sandboxes = std::map<std::string, Sandboxed, std::less<>>;

  std::shared_ptr<World> NewWorld(std::shared_ptr<const fixtures::FixtureStore> seed,
                                  const std::string& name) const;
  std::shared_ptr<World> WorldOfFile() const;
  std::shared_ptr<World> Find(const std::string& name);
  void DropIdle();       // REQUIRES: mutex_ held exclusively
  bool HasRoom() const;  // REQUIRES: mutex_ held
  Report Describe(const Sandboxes::value_type& sandbox) const;

  const Settings settings_;
  const std::shared_ptr<journal::JournalRegistry> journals_;
  const std::shared_ptr<fixtures::FixtureStore> file_;
  std::mutex resetting_;  // serializes Reset and Reseed

  mutable std::shared_mutex mutex_;
  std::shared_ptr<const fixtures::FixtureStore> seed_;  // mutex_ guards this and all below
  std::shared_ptr<World> default_;
  Sandboxes sandboxes_;
};

// 1 to 64 of A-Z a-z 0-9 . _ -
bool IsSandboxName(std::string_view name);

// The path of a target, without the sandbox prefix and the query.
std::string_view PathWithin(std::string_view target);

}  // namespace emulator::world
