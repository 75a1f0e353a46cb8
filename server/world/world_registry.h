// All WorldRegistry of one emulator: the default one, and the sandboxes by name. A sandbox is made
// at its first use as a view of the seed, which costs next to nothing, and is dropped when nobody
// used it for long. What is done in one World is never seen in another.
//
// Who holds a World keeps it: a request ends on the World it began on, also when that is reset or
// dropped meanwhile.
//
// Threads: any thread may call anything at any time.
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
#include "world/world.h"

namespace emulator::world {

class WorldRegistry {
 public:
  struct Settings {
    World::Settings beginning{};  // of every World
    size_t max_sandboxes = 1000;
    std::chrono::seconds sandbox_idle{3600};  // real time without use, then it is dropped; 0: never
    size_t journal_bytes = 32 << 20;          // of all journals together; 0: none is kept
    RealTime (*real_now)() = RealNow;         // for tests
  };

  // `seed` is what sandboxes are views of, and what a reset goes back to. `file`: the default
  // World's store where it is kept in a file; nullptr: the default World is a view of the seed,
  // too.
  WorldRegistry(std::shared_ptr<const fixtures::FixtureStore> seed,
                std::shared_ptr<fixtures::FixtureStore> file, Settings settings);
  ~WorldRegistry() { journals_->Release(); }
  WorldRegistry(const WorldRegistry&) = delete;
  WorldRegistry& operator=(const WorldRegistry&) = delete;

  std::shared_ptr<World> Default() const;

  // The sandbox of that name, made where there is none. nullptr: there are as many as there may be.
  // REQUIRES: a name that IsSandboxName takes.
  std::shared_ptr<World> Sandbox(const std::string& name);

  enum class Created { kNew, kReplaced, kTooMany };
  // A new World for that name, whether there was one or not. `seed`: a seed of its own, also for
  // its resets; nullptr: the common one.
  Created CreateSandbox(const std::string& name,
                        std::shared_ptr<const fixtures::FixtureStore> seed);

  // False when there is none.
  bool DeleteSandbox(const std::string& name);

  struct Report {
    std::string name;
    std::chrono::milliseconds idle{0};  // real time since its last use
    bool own_seed = false;
  };
  std::optional<Report> Describe(const std::string& name);
  std::vector<Report> List();  // by name
  const Settings& settings() const { return settings_; }
  journal::JournalRegistry& journals() const { return *journals_; }

  // A new World in place of the default one (an empty name) or of a sandbox, from its seed:
  // fixtures, clock, limiter, faults and journal. Of a store in a file the rows are replaced. False
  // when there is no such sandbox. Throws as FixtureStore::Replace.
  bool Reset(const std::string& name);

  // Another seed, for the sandboxes that are made from now on and for later resets; the default
  // World takes its fixtures at once and keeps all else, unless its store is
  // kept in a file.
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
  void DropIdle();       // REQUIRES: mutex_ held alone
  bool MayMake() const;  // REQUIRES: mutex_ held
  Report Describe(const Sandboxes::value_type& sandbox) const;

  const Settings settings_;
  const std::shared_ptr<journal::JournalRegistry> journals_;
  const std::shared_ptr<fixtures::FixtureStore> file_;
  std::mutex resetting_;  // resets and reseedings take turns

  mutable std::shared_mutex mutex_;
  std::shared_ptr<const fixtures::FixtureStore> seed_;  // guarded by mutex_, as is all below
  std::shared_ptr<World> default_;
  Sandboxes sandboxes_;
};

// 1 to 64 of A-Z a-z 0-9 . _ -
bool IsSandboxName(std::string_view name);

// The path within its World, without its query.
std::string_view PathWithin(std::string_view target);

}  // namespace emulator::world
