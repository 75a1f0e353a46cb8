#include "journal/journal.h"

#include <algorithm>
#include <mutex>

#include "journal/journal_registry.h"

namespace emulator::journal {

namespace {

// Bytes of an entry besides its packed text: slot, string, reference counts, heap headers.
constexpr size_t kOverhead = 112;

void Wake(const std::vector<std::weak_ptr<http::Waker>>& wakers) {
  for (const auto& waker : wakers)
    if (const auto alive = waker.lock()) alive->Wake();
}

}  // namespace

Journal::~Journal() {
  const std::lock_guard lock(registry_->mutex_);
  registry_->used_ -= bytes_;
  std::erase(registry_->open_, this);
}

uint64_t Journal::Add(const JournalEntry& entry, const http::Headers& headers,
                      const http::Headers& answer_headers, const http::Credentials& credentials) {
  JournalRegistry& registry = *registry_;
  std::shared_ptr<const std::string> packed;
  if (registry.bytes_ > 0)
    packed = std::make_shared<const std::string>(Pack(entry, headers, answer_headers, credentials));

  uint64_t id = 0;
  std::shared_ptr<const std::string> dropped;  // the last one is freed after the lock
  std::vector<std::weak_ptr<http::Waker>> wakers;
  {
    const std::lock_guard lock(registry.mutex_);
    id = ++registry.last_id_;
    CountIn(entry);
    if (packed) {
      const size_t bytes = packed->size() + kOverhead;
      bytes_ += bytes;
      registry.used_ += bytes;
      entries_.push_back({id, std::move(packed)});
    }
    while (registry.used_ > registry.bytes_) {
      // A journal that uses its share drops its own entry: searching for the largest takes time.
      const bool uses_share =
          !entries_.empty() && bytes_ >= registry.bytes_ / registry.open_.size();
      dropped = (uses_share ? *this : registry.Largest()).DropOldest();
    }
    wakers = TakeWakers();
  }
  Wake(wakers);
  return id;
}

void Journal::CountIn(const JournalEntry& entry) {
  // Creates a key only if it is new.
  const auto at = [](auto& map, std::string_view key) -> auto& {
    const auto found = map.find(key);
    return found == map.end() ? map[std::string(key)] : found->second;
  };
  ++totals_.requests;
  if (!entry.reason.empty()) ++at(totals_.reasons, entry.reason);
  if (!entry.operation.empty()) ++at(totals_.outcomes, entry.operation)[entry.status];
}

std::shared_ptr<const std::string> Journal::DropOldest() {
  std::shared_ptr<const std::string> oldest = std::move(entries_.front().packed);
  const size_t bytes = oldest->size() + kOverhead;
  entries_.pop_front();
  ++totals_.dropped;
  bytes_ -= bytes;
  registry_->used_ -= bytes;
  return oldest;
}

std::vector<std::weak_ptr<http::Waker>> Journal::TakeWakers() {
  return std::exchange(wakers_, {});
}

std::vector<RecordedEntry> Journal::Read(uint64_t since) const {
  std::vector<Slot> slots;
  {
    const std::lock_guard lock(registry_->mutex_);
    const auto first = std::upper_bound(entries_.begin(), entries_.end(), since,
                                        [](uint64_t id, const Slot& slot) { return id < slot.id; });
    slots.assign(first, entries_.end());
  }
  std::vector<RecordedEntry> entries;
  entries.reserve(slots.size());
  for (const Slot& slot : slots) entries.push_back(Unpacked(slot));
  return entries;
}

std::optional<RecordedEntry> Journal::Find(uint64_t id) const {
  Slot slot{};
  {
    const std::lock_guard lock(registry_->mutex_);
    const auto found =
        std::lower_bound(entries_.begin(), entries_.end(), id,
                         [](const Slot& entry, uint64_t key) { return entry.id < key; });
    if (found == entries_.end() || found->id != id) return std::nullopt;
    slot = *found;
  }
  return Unpacked(slot);
}

RecordedEntry Journal::Unpacked(const Slot& slot) {
  return {slot.packed, Unpack(slot.id, *slot.packed)};
}

void Journal::Clear() {
  const std::lock_guard lock(registry_->mutex_);
  entries_.clear();
  registry_->used_ -= std::exchange(bytes_, 0);
}

Journal::Totals Journal::Count() const {
  const std::lock_guard lock(registry_->mutex_);
  return totals_;
}

void Journal::NotifyOnAppend(std::weak_ptr<http::Waker> waker) {
  {
    const std::lock_guard lock(registry_->mutex_);
    if (!is_closed_) {
      // A waiter that polls registers the same waker repeatedly: keep it once.
      std::erase_if(wakers_, [&](const auto& other) {
        return other.expired() || (!other.owner_before(waker) && !waker.owner_before(other));
      });
      return wakers_.push_back(std::move(waker));
    }
  }
  Wake({std::move(waker)});
}

void Journal::Close() {
  std::vector<std::weak_ptr<http::Waker>> wakers;
  {
    const std::lock_guard lock(registry_->mutex_);
    is_closed_ = true;
    wakers = TakeWakers();
  }
  Wake(wakers);
}

bool Journal::IsClosed() const {
  const std::lock_guard lock(registry_->mutex_);
  return is_closed_;
}

}  // namespace emulator::journal
