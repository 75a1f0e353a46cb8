// All journals of a process: gives ids to entries and shares one budget of bytes. When the budget
// is used up, the journal that uses the most drops its oldest entries, so that a busy world does
// not empty the journal of a quiet one.
//
// Threads: any.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

namespace emulator::journal {

class Journal;

class JournalRegistry {
 public:
  // `bytes`: the budget of all entries; 0: entries are not recorded.
  explicit JournalRegistry(size_t bytes) : bytes_(bytes) {}

  // Creates an empty journal, which keeps the registry alive.
  static std::shared_ptr<Journal> Open(const std::shared_ptr<JournalRegistry>& registry);

  // Keeps every journal for a report at the end, also after its world is destroyed. Journals and
  // registry then keep each other alive until Release.
  void KeepAll();
  void Release();
  std::vector<std::shared_ptr<Journal>> All() const;

  // Takes an id for a response that is not recorded.
  uint64_t NextId();
  uint64_t LastId() const;

 private:
  friend class Journal;
  Journal& Largest();

  const size_t bytes_;
  mutable std::mutex mutex_;
  // mutex_ guards these and the state of all journals:
  uint64_t last_id_ = 0;
  size_t used_ = 0;
  std::vector<Journal*> open_;
  bool keeps_all_ = false;
  std::vector<std::shared_ptr<Journal>> all_;
};

}  // namespace emulator::journal
