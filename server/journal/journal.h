// The journal of one World: its requests to the vendor's API and their answers, the newest of them,
// and counts of all. JournalRegistry share one budget of bytes: when it is used up, entries go, the
// oldest first, and of the journal that has most, so that a busy World does not empty a quiet
// one's.
//
// Ids rise by the order of answers, are never used twice in one process, and are given also to
// answers that no journal keeps.
//
// Threads: any thread may call anything at any time.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "http/waker.h"
#include "journal/journal_entry.h"

namespace emulator::journal {

class Journal;

// What all journals of a process share.
class JournalRegistry {
 public:
  // `bytes`: what all entries together may take; 0: none is kept.
  explicit JournalRegistry(size_t bytes) : bytes_(bytes) {}

  // An empty one. It keeps this alive.
  static std::shared_ptr<Journal> Open(const std::shared_ptr<JournalRegistry>& journals);

  // Every journal is kept, also of a World that is no more: for a report at the end. Each keeps
  // this alive, and so do they until Release.
  void KeepAll();
  void Release();
  std::vector<std::shared_ptr<Journal>> All() const;

  // The id of an answer that is not journaled.
  uint64_t NextId();
  uint64_t LastId() const;

 private:
  friend class Journal;
  Journal& Largest();

  const size_t bytes_;
  mutable std::mutex mutex_;
  // Guarded by mutex_, as is what the journals hold:
  uint64_t last_id_ = 0;
  size_t used_ = 0;
  std::vector<Journal*> open_;
  bool keeps_all_ = false;
  std::vector<std::shared_ptr<Journal>> all_;
};

class Journal : public std::enable_shared_from_this<Journal> {
 public:
  ~Journal();
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;

  // Keeps what Pack makes of these. Gives it its id.
  uint64_t Add(const JournalEntry& entry, const http::Headers& headers,
               const http::Headers& answer_headers, const http::Credentials& credentials);

  // Those with a larger id than `since`, by id.
  std::vector<RecordedEntry> Read(uint64_t since = 0) const;
  // nullopt: it was dropped, or never in here.
  std::optional<RecordedEntry> Find(uint64_t id) const;
  void Clear();

  // Of all requests, also of those that were dropped or cleared away.
  struct Totals {
    uint64_t requests = 0;
    uint64_t dropped = 0;                                  // for want of room
    std::map<std::string, uint64_t, std::less<>> reasons;  // of refusals: how often each
    std::map<std::string, std::map<int, uint64_t>, std::less<>> outcomes;  // operation, status
  };
  Totals Count() const;

  // The bell rings once when the next entry comes, or when the journal is closed.
  void NotifyOnAppend(std::weak_ptr<http::Waker> waker);

  // Its World is no more; what still runs in it is kept, but nobody waits for it.
  void Close();
  bool IsClosed() const;

 private:
  friend class JournalRegistry;
  explicit Journal(std::shared_ptr<JournalRegistry> journals) : journals_(std::move(journals)) {}

  // Entries stand in blocks of memory, one behind the other, for to ask for memory for each would
  // cost more than all else. A block goes as a whole.
  struct Block {
    explicit Block(size_t size) : bytes(new char[size]), capacity(size) {}
    const std::unique_ptr<char[]> bytes;
    const size_t capacity;
    size_t used = 0;
  };
  struct Slot {
    uint64_t id;
    std::shared_ptr<const Block> block;
    std::string_view packed;  // in the block
  };
  static RecordedEntry Unpacked(const Slot& kept);
  // REQUIRES (all): the mutex is held.
  void CountIn(const JournalEntry& entry);
  void Store(uint64_t id, std::string_view packed);
  void DropOldestBlock();
  std::vector<std::weak_ptr<http::Waker>> TakeWakers();

  const std::shared_ptr<JournalRegistry> journals_;
  // Guarded by the mutex of journals_:
  std::deque<Slot> entries_;
  std::shared_ptr<Block> last_block_;
  size_t bytes_ = 0;  // of all blocks
  Totals totals_;
  std::vector<std::weak_ptr<http::Waker>> wakers_;
  bool is_closed_ = false;
};

}  // namespace emulator::journal
