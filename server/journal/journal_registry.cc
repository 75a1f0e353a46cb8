#include "journal/journal_registry.h"

#include <algorithm>

#include "journal/journal.h"

namespace emulator::journal {

std::shared_ptr<Journal> JournalRegistry::Open(const std::shared_ptr<JournalRegistry>& registry) {
  std::shared_ptr<Journal> journal(new Journal(registry));
  const std::lock_guard lock(registry->mutex_);
  registry->open_.push_back(journal.get());
  if (registry->keeps_all_) registry->all_.push_back(journal);
  return journal;
}

void JournalRegistry::KeepAll() {
  const std::lock_guard lock(mutex_);
  keeps_all_ = true;
  for (Journal* journal : open_) all_.push_back(journal->shared_from_this());
}

void JournalRegistry::Release() {
  // Destroyed after the lock is released: the destructor of a journal takes it.
  std::vector<std::shared_ptr<Journal>> released;
  const std::lock_guard lock(mutex_);
  keeps_all_ = false;
  released.swap(all_);
}

std::vector<std::shared_ptr<Journal>> JournalRegistry::All() const {
  const std::lock_guard lock(mutex_);
  return all_;
}

uint64_t JournalRegistry::NextId() {
  const std::lock_guard lock(mutex_);
  return ++last_id_;
}

uint64_t JournalRegistry::LastId() const {
  const std::lock_guard lock(mutex_);
  return last_id_;
}

Journal& JournalRegistry::Largest() {
  return **std::max_element(open_.begin(), open_.end(), [](const Journal* a, const Journal* b) {
    return a->bytes_ < b->bytes_;
  });
}

}  // namespace emulator::journal
