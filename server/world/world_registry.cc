#include "world/world_registry.h"

#include <algorithm>
#include <utility>

#include "base/text.h"

namespace emulator::world {

namespace {

// Closes the journal of the old world, which wakes those who wait for its next entry.
void Replace(std::shared_ptr<World>& place, std::shared_ptr<World> world) {
  place.swap(world);
  if (world) world->journal->Close();
}

}  // namespace

WorldRegistry::WorldRegistry(std::shared_ptr<const fixtures::FixtureStore> seed,
                             std::shared_ptr<fixtures::FixtureStore> file, Settings settings)
    : settings_(std::move(settings)),
      journals_(std::make_shared<journal::JournalRegistry>(settings_.journal_bytes)),
      file_(std::move(file)),
      seed_(std::move(seed)) {
  default_ = file_ ? WorldOfFile() : NewWorld(seed_, "");
}

std::shared_ptr<World> WorldRegistry::NewWorld(std::shared_ptr<const fixtures::FixtureStore> seed,
                                               const std::string& name) const {
  return std::make_shared<World>(std::move(seed), settings_.initial,
                                 journal::JournalRegistry::Open(journals_), name);
}

std::shared_ptr<World> WorldRegistry::WorldOfFile() const {
  return std::make_shared<World>(file_, settings_.initial,
                                 journal::JournalRegistry::Open(journals_));
}

std::shared_ptr<World> WorldRegistry::Default() const {
  const std::shared_lock lock(mutex_);
  return default_;
}

std::shared_ptr<World> WorldRegistry::Find(const std::string& name) {
  const std::shared_lock lock(mutex_);
  const auto found = sandboxes_.find(name);
  if (found == sandboxes_.end()) return nullptr;
  found->second.last_use = settings_.real_now();
  return found->second.world;
}

std::shared_ptr<World> WorldRegistry::Sandbox(const std::string& name) {
  if (auto world = Find(name)) return world;
  const std::unique_lock lock(mutex_);
  if (const auto found = sandboxes_.find(name); found != sandboxes_.end())
    return found->second.world;
  DropIdle();
  if (!HasRoom()) return nullptr;
  Sandboxed& sandbox = sandboxes_[name];
  sandbox.last_use = settings_.real_now();
  return sandbox.world = NewWorld(seed_, name);
}

WorldRegistry::Created WorldRegistry::CreateSandbox(
    const std::string& name, std::shared_ptr<const fixtures::FixtureStore> seed) {
  const std::unique_lock lock(mutex_);
  DropIdle();
  const bool is_new = !sandboxes_.contains(name);
  if (is_new && !HasRoom()) return Created::kTooMany;
  Sandboxed& sandbox = sandboxes_[name];
  Replace(sandbox.world, NewWorld(seed ? seed : seed_, name));
  sandbox.own_seed = std::move(seed);
  sandbox.last_use = settings_.real_now();
  return is_new ? Created::kNew : Created::kReplaced;
}

bool WorldRegistry::DeleteSandbox(const std::string& name) {
  Sandboxes::node_type dropped;  // destroyed after the lock is released
  const std::unique_lock lock(mutex_);
  if (const auto found = sandboxes_.find(name); found != sandboxes_.end())
    dropped = sandboxes_.extract(found);
  if (dropped.empty()) return false;
  dropped.mapped().world->journal->Close();
  return true;
}

bool WorldRegistry::HasRoom() const {
  return sandboxes_.size() < settings_.max_sandboxes;
}

void WorldRegistry::DropIdle() {
  if (settings_.sandbox_idle.count() == 0) return;
  const RealTime idle_since = settings_.real_now() - settings_.sandbox_idle;
  std::erase_if(sandboxes_, [&](const auto& sandbox) {
    if (sandbox.second.last_use.load() >= idle_since) return false;
    sandbox.second.world->journal->Close();
    return true;
  });
}

WorldRegistry::Report WorldRegistry::Describe(const Sandboxes::value_type& sandbox) const {
  const auto idle = settings_.real_now() - sandbox.second.last_use.load();
  return {.name = sandbox.first,
          .idle = std::max(std::chrono::duration_cast<std::chrono::milliseconds>(idle),
                           std::chrono::milliseconds(0)),
          .own_seed = sandbox.second.own_seed != nullptr};
}

std::optional<WorldRegistry::Report> WorldRegistry::Describe(const std::string& name) {
  const std::unique_lock lock(mutex_);
  DropIdle();
  const auto found = sandboxes_.find(name);
  if (found == sandboxes_.end()) return std::nullopt;
  return Describe(*found);
}

std::vector<WorldRegistry::Report> WorldRegistry::List() {
  const std::unique_lock lock(mutex_);
  DropIdle();
  std::vector<Report> reports;
  reports.reserve(sandboxes_.size());
  for (const auto& sandbox : sandboxes_) reports.push_back(Describe(sandbox));
  return reports;
}

bool WorldRegistry::Reset(const std::string& name) {
  const std::lock_guard turn(resetting_);
  if (name.empty() && file_) {
    std::shared_ptr<const fixtures::FixtureStore> seed;
    {
      const std::shared_lock lock(mutex_);
      seed = seed_;
    }
    file_->Replace(seed->ReadAll());  // without the lock, so that requests continue
    const std::unique_lock lock(mutex_);
    Replace(default_, WorldOfFile());
    return true;
  }
  const std::unique_lock lock(mutex_);
  if (name.empty()) {
    Replace(default_, NewWorld(seed_, ""));
    return true;
  }
  const auto found = sandboxes_.find(name);
  if (found == sandboxes_.end()) return false;
  Replace(found->second.world,
          NewWorld(found->second.own_seed ? found->second.own_seed : seed_, name));
  return true;
}

void WorldRegistry::Reseed(std::shared_ptr<const fixtures::FixtureStore> seed) {
  const std::lock_guard turn(resetting_);
  const std::unique_lock lock(mutex_);
  seed_ = seed;
  if (!file_) default_->fixtures.View(std::move(seed));
}

std::string_view PathWithin(std::string_view target) {
  std::string_view path = target.substr(0, target.find('?'));
  if (path.size() > kSandboxPrefix.size() && path[kSandboxPrefix.size()] == '/' &&
      EqualIgnoringCase(path.substr(0, kSandboxPrefix.size()), kSandboxPrefix))
    path.remove_prefix(std::min(path.find('/', kSandboxPrefix.size() + 1), path.size()));
  return path.empty() ? "/" : path;
}

bool IsSandboxName(std::string_view name) {
  return !name.empty() && name.size() <= 64 && std::all_of(name.begin(), name.end(), [](char c) {
    return IsLetterOrDigit(c) || c == '.' || c == '_' || c == '-';
  });
}

}  // namespace emulator::world
