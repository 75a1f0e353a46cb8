#include "world/fixtures.h"

#include <utility>

namespace emulator {

Fixtures::Fixtures(std::shared_ptr<FixtureStore> own) : own_(std::move(own)), shown_(own_) {}

Fixtures::Fixtures(std::shared_ptr<const FixtureStore> seed) : shown_(std::move(seed)) {}

std::shared_ptr<const FixtureStore> Fixtures::Read() const {
  std::shared_ptr<const FixtureStore> store;
  {
    const std::shared_lock lock(shown_mutex_);
    store = shown_;
  }
  store->Refresh();
  return store;
}

void Fixtures::View(std::shared_ptr<const FixtureStore> seed) {
  const std::lock_guard writing(writing_);
  own_.reset();
  const std::unique_lock lock(shown_mutex_);
  shown_.swap(seed);
}

bool Fixtures::IsShared() const {
  const std::lock_guard lock(writing_);
  return !own_;
}

std::shared_ptr<FixtureStore> Fixtures::Writable() const {
  return own_ ? own_ : shown_->Clone();
}

void Fixtures::Show(std::shared_ptr<FixtureStore> own) {
  if (own == own_) return;
  {
    const std::unique_lock lock(shown_mutex_);
    shown_ = own;
  }
  // Running requests have the old one; the last of them frees it.
  own_.swap(own);
  if (own) own->FreeCaches();
}

void Fixtures::Put(const FixtureSet& set) {
  const std::lock_guard lock(writing_);
  auto store = Writable();
  store->Put(set);
  Show(std::move(store));
}

void Fixtures::Replace(FixtureSet set) {
  {
    const std::lock_guard lock(writing_);
    if (own_ && own_->IsInFile()) return own_->Replace(set);
  }
  auto store = std::make_shared<FixtureStore>(std::move(set));
  const std::lock_guard lock(writing_);
  Show(std::move(store));
}

Deletion Fixtures::Delete(Kind kind, const std::string& key) {
  const std::lock_guard lock(writing_);
  auto store = Writable();
  Deletion deletion = store->Delete(kind, key);
  if (deletion.outcome == Deletion::kDone) Show(std::move(store));
  return deletion;
}

bool Fixtures::AddConnection(const Connection& connection, const std::string* reader) {
  const std::lock_guard lock(writing_);
  auto store = Writable();
  const bool is_added = store->AddConnection(connection, reader);
  if (is_added) Show(std::move(store));
  return is_added;
}

Removal Fixtures::RemoveConnection(const std::string& id, Time now) {
  const std::lock_guard lock(writing_);
  auto store = Writable();
  const Removal removal = store->RemoveConnection(id, now);
  if (removal == Removal::kDone) Show(std::move(store));
  return removal;
}

FixtureStore::Start Fixtures::StartRun(const Run& run, const std::string& link) {
  const std::lock_guard lock(writing_);
  auto store = Writable();
  const auto start = store->StartRun(run, link);
  if (start == FixtureStore::Start::kDone) Show(std::move(store));
  return start;
}

}  // namespace emulator
