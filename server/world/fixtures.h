// The fixtures of one World: a view of a store, its own or the seed that many Worlds share. A seed
// is never written: the first write of a World that shares one clones it, and the World goes on
// with its clone. A view of a seed costs nothing.
//
// Threads: any thread may call anything at any time. Writes take turns; reading waits for none.
#pragma once

#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>

#include "world/fixture_store.h"

namespace emulator {

class Fixtures {
 public:
  // A store that nobody else writes.
  explicit Fixtures(std::shared_ptr<FixtureStore> own);
  explicit Fixtures(std::shared_ptr<const FixtureStore> seed);

  // The store as of now, with all that was committed to it. A request asks once and goes on with
  // what it got, so that one store judges it whatever is put in its place meanwhile.
  std::shared_ptr<const FixtureStore> Read() const;

  // Goes on as a view of another seed.
  void View(std::shared_ptr<const FixtureStore> seed);

  // True until the first write.
  bool IsShared() const;

  // Changes of all or nothing, as FixtureStore's. Replace in memory builds a store aside and puts
  // it in the place of the old one, on which running requests end.
  void Put(const FixtureSet& set);
  void Replace(FixtureSet set);
  Deletion Delete(Kind kind, const std::string& key);

  // What the vendor's calls change, as FixtureStore's.
  bool AddConnection(const Connection& connection, const std::string* reader);
  Removal RemoveConnection(const std::string& id, Time now);
  FixtureStore::Start StartRun(const Run& run, const std::string& link);

 private:
  // The store to write into: its own, or a clone of the seed that nobody sees yet.
  // REQUIRES: writing_.
  std::shared_ptr<FixtureStore> Writable() const;
  // REQUIRES: writing_.
  void Show(std::shared_ptr<FixtureStore> own);

  mutable std::mutex writing_;
  std::shared_ptr<FixtureStore> own_;  // guarded by writing_; nullptr: shared

  mutable std::shared_mutex shown_mutex_;
  std::shared_ptr<const FixtureStore> shown_;  // guarded by shown_mutex_; changes under writing_
};

}  // namespace emulator
