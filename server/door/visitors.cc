#include "door/visitors.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

namespace emulator {

namespace {

using std::chrono::milliseconds;

// After so many whose time is over it is looked who else came: a crowd of delayed answers that fall
// due together does not hold up a new request.
constexpr size_t kMostAtATime = 64;

// Descriptors are watched under an id each. The lowest are the interrupt's and the listening
// sockets'.
constexpr uint64_t kInterruptId = 0;
constexpr uint64_t kFirstListeningId = 1;

uint32_t EventsFor(Visitors::For what) {
  switch (what) {
    case Visitors::For::kBytes:
      return EPOLLIN | EPOLLRDHUP | EPOLLONESHOT;
    case Visitors::For::kRoom:
      return EPOLLOUT | EPOLLONESHOT;
    case Visitors::For::kRing:
      return EPOLLRDHUP | EPOLLONESHOT;
    case Visitors::For::kTime:
      break;
  }
  return EPOLLONESHOT;  // and what always wakes: the end of the connection
}

// Whether it tells who waits for that of an end. Who waits for bytes reads it.
bool IsEnd(Visitors::For what, uint32_t events) {
  if (what == Visitors::For::kBytes) return false;
  if (what == Visitors::For::kRing && (events & EPOLLRDHUP)) return true;
  return events & (EPOLLERR | EPOLLHUP);
}

// Rounded up: what is due then must be over. -1: for ever.
int PatienceUntil(RealTime until) {
  if (until == RealTime::max()) return -1;
  const RealTime now = RealNow();
  if (until <= now) return 0;  // of the earliest time there is nothing can be taken away
  const auto left = std::chrono::ceil<milliseconds>(until - now);
  return static_cast<int>(std::clamp(left, milliseconds(0), milliseconds(60'000)).count());
}

[[noreturn]] void Fail() {
  throw std::system_error(errno, std::generic_category(), "cannot wait for clients");
}

}  // namespace

Visitors::Visitors(const std::vector<int>& listening)
    : listening_(listening),
      poll_(::epoll_create1(EPOLL_CLOEXEC)),
      interrupt_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      next_id_(kFirstListeningId + listening.size()) {
  const auto watch = [&](int descriptor, uint64_t id) {
    epoll_event event{.events = EPOLLIN, .data = {.u64 = id}};
    if (::epoll_ctl(poll_, EPOLL_CTL_ADD, descriptor, &event) != 0) Fail();
  };
  watch(interrupt_, kInterruptId);
  for (size_t i = 0; i < listening_.size(); ++i) watch(listening_[i], kFirstListeningId + i);
}

Visitors::~Visitors() {
  ::close(poll_);
  ::close(interrupt_);
}

Visitor& Visitors::Enter(int descriptor, const TlsContext* tls, const ReadLimits& limits) {
  const std::lock_guard lock(mutex_);
  const uint64_t id = next_id_++;
  return entries_.try_emplace(id, id, descriptor, tls, limits).first->second.visitor;
}

size_t Visitors::count() const {
  const std::lock_guard lock(mutex_);
  return entries_.size();
}

bool Visitors::Wait(Visitor& visitor, For what, RealTime until) {
  bool is_first = false;
  {
    const std::lock_guard lock(mutex_);
    if (ending_ && what != For::kRoom) return false;
    Entry& entry = entries_.at(visitor.id);
    entry.waits = true;
    entry.what = what;
    const bool is_over = what == For::kRing && entry.is_rung;
    is_first = WaitUntil(entry, is_over ? std::min(until, RealNow()) : until);
    epoll_event event{.events = EventsFor(what), .data = {.u64 = visitor.id}};
    if (what == For::kBytes && visitor.socket.HasUnsent()) event.events |= EPOLLOUT;
    ::epoll_ctl(poll_, std::exchange(entry.is_watched, true) ? EPOLL_CTL_MOD : EPOLL_CTL_ADD,
                visitor.socket.descriptor(), &event);
  }
  if (is_first) Interrupt();
  return true;
}

void Visitors::Leave(Visitor& visitor) {
  decltype(entries_)::node_type gone;  // closed when the lock is not held any more
  bool is_last = false;
  {
    const std::lock_guard lock(mutex_);
    gone = entries_.extract(visitor.id);
    is_last = ending_ && entries_.empty();
  }
  if (is_last) Interrupt();
}

void Visitors::Ring(uint64_t id) {
  bool is_first = false;
  {
    const std::lock_guard lock(mutex_);
    const auto found = entries_.find(id);
    if (found == entries_.end()) return;
    Entry& entry = found->second;
    const bool was_rung = std::exchange(entry.is_rung, true);
    if (was_rung || !entry.waits || entry.what != For::kRing) return;
    // In its turn: the many who are rung for often hold up nobody else whose time is over.
    waiting_.erase({entry.until, id});
    is_first = WaitUntil(entry, std::min(entry.until, RealNow()));
  }
  if (is_first) Interrupt();
}

bool Visitors::WaitUntil(Entry& entry, RealTime until) {
  entry.until = until;
  waiting_.emplace(until, entry.visitor.id);
  if (until >= sleeps_until_) return false;
  sleeps_until_ = until;
  return true;
}

void Visitors::StopWaiting(Entry& entry) {
  waiting_.erase({entry.until, entry.visitor.id});
  entry.waits = false;
  if (entry.what == For::kRing) entry.is_rung = false;
}

void Visitors::Await(News& news, RealTime until) {
  news.woken.clear();
  news.ringing.clear();
  int patience = 0;
  {
    const std::lock_guard lock(mutex_);
    sleeps_until_ = waiting_.empty() ? until : std::min(until, waiting_.begin()->first);
    patience = PatienceUntil(sleeps_until_);
  }
  std::array<epoll_event, 128> events;
  const int count = ::epoll_wait(poll_, events.data(), static_cast<int>(events.size()), patience);

  const std::lock_guard lock(mutex_);
  sleeps_until_ = RealTime::min();
  for (int i = 0; i < count; ++i) {
    const epoll_event& event = events[static_cast<size_t>(i)];
    const uint64_t id = event.data.u64;
    if (id == kInterruptId) {
      uint64_t times = 0;
      (void)!::read(interrupt_, &times, sizeof times);
    } else if (id < kFirstListeningId + listening_.size()) {
      news.ringing.push_back(listening_[id - kFirstListeningId]);
    } else if (const auto found = entries_.find(id); found != entries_.end()) {
      // One whose time was over may be served, or gone, while it is still watched.
      Entry& entry = found->second;
      if (!entry.waits) continue;
      StopWaiting(entry);
      const bool gone = IsEnd(entry.what, event.events);
      news.woken.push_back({entry.visitor, gone ? Cause::kGone : Cause::kCalled});
    }
  }
  const RealTime now = RealNow();
  for (size_t i = 0; i < kMostAtATime && !waiting_.empty() && waiting_.begin()->first <= now; ++i) {
    Entry& entry = entries_.at(waiting_.begin()->second);
    const bool rung = entry.what == For::kRing && entry.is_rung;
    StopWaiting(entry);
    news.woken.push_back({entry.visitor, rung ? Cause::kCalled : Cause::kTime});
  }
}

void Visitors::Interrupt() {
  const uint64_t one = 1;
  (void)!::write(interrupt_, &one, sizeof one);
}

std::vector<Visitor*> Visitors::EndWaiting() {
  const std::lock_guard lock(mutex_);
  ending_ = true;
  std::vector<Visitor*> visitors;
  for (auto& [_, entry] : entries_) {
    entry.visitor.socket.StopReceiving();
    if (!entry.waits || entry.what == For::kRoom) continue;
    StopWaiting(entry);
    visitors.push_back(&entry.visitor);
  }
  return visitors;
}

void Visitors::CutOff() {
  decltype(entries_) gone;  // closed when the lock is not held any more
  const std::lock_guard lock(mutex_);
  gone.swap(entries_);
  waiting_.clear();
}

}  // namespace emulator
