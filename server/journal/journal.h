// The journal of one world: the newest requests to the vendor's API and to the
// identity service, and bytes that were no request, with their responses, and
// totals of all. JournalRegistry bounds the memory of all journals.
//
// Ids rise in the order of responses and are unique in a process. Responses that are not recorded
// also get one.
//
// Threads: any.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "http/waker.h"
#include "journal/journal_entry.h"

namespace emulator::journal {

class JournalRegistry;

class Journal : public std::enable_shared_from_this<Journal> {
 public:
  ~Journal();
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;

  // Records what Pack returns for these arguments. Returns the id.
  uint64_t Add(const JournalEntry& entry, const http::Headers& headers,
               const http::Headers& answer_headers, const http::Credentials& credentials);

  // The entries whose id is greater than `since`, by id.
  std::vector<RecordedEntry> Read(uint64_t since = 0) const;
  // nullopt if the entry was dropped or is not in this journal.
  std::optional<RecordedEntry> Find(uint64_t id) const;
  void Clear();

  // Counts of all requests, including dropped and cleared entries.
  struct Totals {
    uint64_t requests = 0;
    uint64_t dropped = 0;                                  // to stay within the budget
    std::map<std::string, uint64_t, std::less<>> reasons;  // refusals by reason
    std::map<std::string, std::map<int, uint64_t>, std::less<>>
        outcomes;  // by operation and status
  };
  Totals Count() const;

  // Wakes the waker once, at the next entry or when the journal is closed.
  void NotifyOnAppend(std::weak_ptr<http::Waker> waker);

  // Its world is replaced or dropped: nobody waits for entries any more. Requests that still run
  // are recorded.
  void Close();
  bool IsClosed() const;

 private:
  friend class JournalRegistry;
  explicit Journal(std::shared_ptr<JournalRegistry> registry) : registry_(std::move(registry)) {}

  struct Slot {
    uint64_t id;
    std::shared_ptr<const std::string> packed;
  };
  static RecordedEntry Unpacked(const Slot& slot);
  // These REQUIRE the mutex of registry_.
  void CountIn(const JournalEntry& entry);
  std::shared_ptr<const std::string> DropOldest();
  std::vector<std::weak_ptr<http::Waker>> TakeWakers();

  const std::shared_ptr<JournalRegistry> registry_;
  // Guarded by the mutex of registry_:
  std::deque<Slot> entries_;
  size_t bytes_ = 0;  // of all entries
  Totals totals_;
  std::vector<std::weak_ptr<http::Waker>> wakers_;
  bool is_closed_ = false;
};

}  // namespace emulator::journal
