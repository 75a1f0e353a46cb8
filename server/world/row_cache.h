// A bounded map in front of a query. Bounded in bytes, not in rows: what is kept is as large as
// what people write into their fixtures.
//
// Two generations stand in for an order of use, which every reader would have to write down: when
// the young one has half of the bytes it becomes the old one, and the old one goes. A row of the
// old one that is asked for is young again, so what is hot stays and what is not goes.
//
// Threads: any thread may call anything at any time. Readers do not wait for each other.
#pragma once

#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <unordered_map>
#include <utility>

namespace emulator {

template <typename Value>
class RowCache {
 public:
  explicit RowCache(size_t most_bytes) : most_bytes_(most_bytes) {}

  std::optional<Value> Find(const std::string& key) {
    {
      const std::shared_lock lock(mutex_);
      if (const auto found = young_.find(key); found != young_.end()) return found->second.value;
      if (!old_.contains(key)) return std::nullopt;
    }
    Rows gone;  // freed when the lock is
    const std::unique_lock lock(mutex_);
    auto node = old_.extract(key);
    if (!node) {  // another thread was faster
      const auto found = young_.find(key);
      return found != young_.end() ? std::optional(found->second.value) : std::nullopt;
    }
    gone = MakeRoom(node.mapped().bytes);
    return young_.insert(std::move(node)).position->second.value;
  }

  // `bytes`: what key and value take, all in all.
  void Keep(const std::string& key, Value value, size_t bytes) {
    Rows gone;
    const std::unique_lock lock(mutex_);
    if (old_.contains(key) || young_.contains(key)) return;  // another thread was faster
    gone = MakeRoom(bytes);
    young_.emplace(key, Row{std::move(value), bytes});
  }

  void Clear() {
    Rows gone_young;
    Rows gone_old;
    const std::unique_lock lock(mutex_);
    gone_young.swap(young_);
    gone_old.swap(old_);
    young_bytes_ = 0;
  }

 private:
  struct Row {
    Value value;
    size_t bytes;
  };
  using Rows = std::unordered_map<std::string, Row>;

  // Counts a row that comes into the young generation. Gives what had to go for it.
  Rows MakeRoom(size_t bytes) {
    Rows gone;
    if (young_bytes_ + bytes > most_bytes_ / 2) {
      gone = std::exchange(old_, std::exchange(young_, {}));
      young_bytes_ = 0;
    }
    young_bytes_ += bytes;
    return gone;
  }

  const size_t most_bytes_;
  std::shared_mutex mutex_;  // guards all that follows
  Rows young_;
  Rows old_;
  size_t young_bytes_ = 0;
};

}  // namespace emulator
