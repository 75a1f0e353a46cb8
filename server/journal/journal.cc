#include "journal/journal.h"

#include <algorithm>

namespace emulator::journal {

namespace {

// A journal's blocks grow with it, for there may be many that hold little.
constexpr size_t kFirstBlock = 2048, kMostBlock = 64 * 1024;  // bytes
constexpr size_t kFewestBlocks = 64;                          // of a journal that has all the room
// What an entry takes beside its text: its place in the queue.
constexpr size_t kOverhead = 64;

void Wake(const std::vector<std::weak_ptr<http::Waker>>& wakers) {
  for (const auto& waker : wakers)
    if (const auto heard = waker.lock()) heard->Wake();
}

}  // namespace

std::shared_ptr<Journal> JournalRegistry::Open(const std::shared_ptr<JournalRegistry>& journals) {
  std::shared_ptr<Journal> journal(new Journal(journals));
  const std::lock_guard lock(journals->mutex_);
  journals->open_.push_back(journal.get());
  if (journals->keeps_all_) journals->all_.push_back(journal);
  return journal;
}

void JournalRegistry::KeepAll() {
  const std::lock_guard lock(mutex_);
  keeps_all_ = true;
  for (Journal* journal : open_) all_.push_back(journal->shared_from_this());
}

void JournalRegistry::Release() {
  std::vector<std::shared_ptr<Journal>> gone;  // a journal that goes takes the lock
  const std::lock_guard lock(mutex_);
  keeps_all_ = false;
  gone.swap(all_);
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

Journal::~Journal() {
  const std::lock_guard lock(journals_->mutex_);
  journals_->used_ -= bytes_;
  std::erase(journals_->open_, this);
}

uint64_t Journal::Add(const JournalEntry& entry, const http::Headers& headers,
                      const http::Headers& answer_headers, const http::Credentials& credentials) {
  JournalRegistry& all = *journals_;
  std::string_view packed;
  if (all.bytes_ > 0) packed = Pack(entry, headers, answer_headers, credentials);

  uint64_t id = 0;
  std::vector<std::weak_ptr<http::Waker>> wakers;
  {
    const std::lock_guard lock(all.mutex_);
    id = ++all.last_id_;
    CountIn(entry);
    if (!packed.empty()) Store(id, packed);
    while (all.used_ > all.bytes_) {
      // Whoever has its share or more makes room itself; to look for another would take time.
      const bool has_share = !entries_.empty() && bytes_ >= all.bytes_ / all.open_.size();
      (has_share ? *this : all.Largest()).DropOldestBlock();
    }
    wakers = TakeWakers();
  }
  Wake(wakers);
  return id;
}

void Journal::Store(uint64_t id, std::string_view packed) {
  const size_t size = packed.size() + kOverhead;
  if (!last_block_ || last_block_->capacity - last_block_->used < size) {
    const size_t most = std::min(kMostBlock, journals_->bytes_ / kFewestBlocks);
    const size_t capacity = std::max(size, std::min(std::max(bytes_, kFirstBlock), most));
    last_block_ = std::make_shared<Block>(capacity);
    bytes_ += capacity;
    journals_->used_ += capacity;
  }
  char* const at = last_block_->bytes.get() + last_block_->used;
  packed.copy(at, packed.size());
  last_block_->used += size;
  entries_.push_back({id, last_block_, {at, packed.size()}});
}

void Journal::CountIn(const JournalEntry& entry) {
  // Without a new text where there is one.
  const auto at = [](auto& map, std::string_view key) -> auto& {
    const auto found = map.find(key);
    return found == map.end() ? map[std::string(key)] : found->second;
  };
  ++totals_.requests;
  if (!entry.reason.empty()) ++at(totals_.reasons, entry.reason);
  if (!entry.operation.empty()) ++at(totals_.outcomes, entry.operation)[entry.status];
}

void Journal::DropOldestBlock() {
  const std::shared_ptr<const Block> oldest = entries_.front().block;
  while (!entries_.empty() && entries_.front().block == oldest) {
    entries_.pop_front();
    ++totals_.dropped;
  }
  if (last_block_ == oldest) last_block_.reset();
  bytes_ -= oldest->capacity;
  journals_->used_ -= oldest->capacity;
}

std::vector<std::weak_ptr<http::Waker>> Journal::TakeWakers() {
  return std::exchange(wakers_, {});
}

std::vector<RecordedEntry> Journal::Read(uint64_t since) const {
  std::vector<Slot> kept;
  {
    const std::lock_guard lock(journals_->mutex_);
    const auto first =
        std::upper_bound(entries_.begin(), entries_.end(), since,
                         [](uint64_t id, const Slot& entry) { return id < entry.id; });
    kept.assign(first, entries_.end());
  }
  std::vector<RecordedEntry> entries;
  entries.reserve(kept.size());
  for (const Slot& entry : kept) entries.push_back(Unpacked(entry));
  return entries;
}

std::optional<RecordedEntry> Journal::Find(uint64_t id) const {
  Slot kept{};
  {
    const std::lock_guard lock(journals_->mutex_);
    const auto found =
        std::lower_bound(entries_.begin(), entries_.end(), id,
                         [](const Slot& entry, uint64_t wanted) { return entry.id < wanted; });
    if (found == entries_.end() || found->id != id) return std::nullopt;
    kept = *found;
  }
  return Unpacked(kept);
}

RecordedEntry Journal::Unpacked(const Slot& kept) {
  return {kept.block, Unpack(kept.id, kept.packed)};
}

void Journal::Clear() {
  const std::lock_guard lock(journals_->mutex_);
  entries_.clear();
  last_block_.reset();
  journals_->used_ -= std::exchange(bytes_, 0);
}

Journal::Totals Journal::Count() const {
  const std::lock_guard lock(journals_->mutex_);
  return totals_;
}

void Journal::NotifyOnAppend(std::weak_ptr<http::Waker> waker) {
  {
    const std::lock_guard lock(journals_->mutex_);
    if (!is_closed_) {
      // Who looks again and again while there are no news gives the same bell again and again.
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
    const std::lock_guard lock(journals_->mutex_);
    is_closed_ = true;
    wakers = TakeWakers();
  }
  Wake(wakers);
}

bool Journal::IsClosed() const {
  const std::lock_guard lock(journals_->mutex_);
  return is_closed_;
}

}  // namespace emulator::journal
