// A bounded map in front of a query. Bounded in bytes, not in rows: what is kept is as large as
// what people write into their fixtures.
//
// What goes when it is full: rows stand in a queue, in the order in which they came. The first one
// goes, unless it was asked for since it came there: then it lines up again. So what is hot stays,
// a hit writes down no more than one flag, and nobody pays for more rows than came.
//
// Threads: any thread may call anything at any time. Hits do not wait for each other.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <list>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace emulator {

template <typename Value>
class RowCache {
 public:
  explicit RowCache(size_t most_bytes) : most_bytes_(most_bytes) {}

  std::optional<Value> Find(const std::string& key) const {
    const std::shared_lock lock(mutex_);
    const auto found = by_key_.find(key);
    if (found == by_key_.end() || found->second->epoch != epoch_) return std::nullopt;
    const Row& row = *found->second;
    if (!row.is_used.load(std::memory_order_relaxed))
      row.is_used.store(true, std::memory_order_relaxed);
    return row.value;
  }

  // `bytes`: what key and value take, all in all. A row that is larger than the cache is not kept.
  void Insert(const std::string& key, Value value, size_t bytes) {
    if (bytes > most_bytes_) return;
    std::list<Row> gone;  // freed when the lock is
    const std::unique_lock lock(mutex_);
    if (const auto found = by_key_.find(key); found != by_key_.end()) {
      if (found->second->epoch == epoch_) return;  // another thread was faster
      Remove(found->second, gone);
    }
    while (bytes_ + bytes > most_bytes_) {
      const auto first = queue_.begin();
      if (first->epoch == epoch_ && first->is_used.exchange(false, std::memory_order_relaxed))
        queue_.splice(queue_.end(), queue_, first);
      else
        Remove(first, gone);
    }
    Row& row = queue_.emplace_back(key, std::move(value), bytes, epoch_);
    by_key_.emplace(row.key, std::prev(queue_.end()));
    bytes_ += bytes;
  }

  // From here on nothing is found of what was kept. Costs nothing: the rows go when others come.
  void Invalidate() {
    const std::unique_lock lock(mutex_);
    ++epoch_;
  }

  // The same, and frees all, for which the caller has to have time.
  void Clear() {
    std::list<Row> gone;
    const std::unique_lock lock(mutex_);
    by_key_.clear();
    gone.swap(queue_);
    bytes_ = 0;
  }

 private:
  struct Row {
    Row(std::string k, Value v, size_t b, uint64_t e)
        : key(std::move(k)), value(std::move(v)), bytes(b), epoch(e) {}
    const std::string key;
    const Value value;
    const size_t bytes;
    const uint64_t epoch;
    mutable std::atomic<bool> is_used{false};
  };
  using Place = typename std::list<Row>::iterator;

  void Remove(Place row, std::list<Row>& gone) {
    bytes_ -= row->bytes;
    by_key_.erase(row->key);
    gone.splice(gone.end(), queue_, row);
  }

  const size_t most_bytes_;
  mutable std::shared_mutex mutex_;  // guards all that follows, but for a row's flag
  std::list<Row> queue_;
  std::unordered_map<std::string_view, Place> by_key_;
  size_t bytes_ = 0;
  uint64_t epoch_ = 0;
};

}  // namespace emulator
