// A cache in front of a query. Its limit is in bytes, because users decide how large a row is.
//
// Eviction is second-chance FIFO: the oldest row is removed, unless it was found since it was
// queued; then it is queued again. A hit writes only a flag.
//
// Threads: any thread may call anything at any time. Hits do not block each other.
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

  // `bytes`: the size of key and value. A row larger than the cache is not stored.
  void Insert(const std::string& key, Value value, size_t bytes) {
    if (bytes > most_bytes_) return;
    std::list<Row> removed;  // destroyed after the lock is released
    const std::unique_lock lock(mutex_);
    if (const auto found = by_key_.find(key); found != by_key_.end()) {
      if (found->second->epoch == epoch_) return;  // another thread inserted it
      Remove(found->second, removed);
    }
    while (bytes_ + bytes > most_bytes_) {
      const auto first = queue_.begin();
      if (first->epoch == epoch_ && first->is_used.exchange(false, std::memory_order_relaxed))
        queue_.splice(queue_.end(), queue_, first);
      else
        Remove(first, removed);
    }
    Row& row = queue_.emplace_back(key, std::move(value), bytes, epoch_);
    by_key_.emplace(row.key, std::prev(queue_.end()));
    bytes_ += bytes;
  }

  // Find no longer returns the present rows. Takes constant time: later inserts evict them.
  void Invalidate() {
    const std::unique_lock lock(mutex_);
    ++epoch_;
  }

  // The same, and frees all rows at once, which takes time.
  void Clear() {
    std::list<Row> removed;
    const std::unique_lock lock(mutex_);
    by_key_.clear();
    removed.swap(queue_);
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
  using Position = typename std::list<Row>::iterator;

  void Remove(Position row, std::list<Row>& removed) {
    bytes_ -= row->bytes;
    by_key_.erase(row->key);
    removed.splice(removed.end(), queue_, row);
  }

  const size_t most_bytes_;
  mutable std::shared_mutex mutex_;  // guards the members below, except Row::is_used
  std::list<Row> queue_;
  std::unordered_map<std::string_view, Position> by_key_;
  size_t bytes_ = 0;
  uint64_t epoch_ = 0;
};

}  // namespace emulator
