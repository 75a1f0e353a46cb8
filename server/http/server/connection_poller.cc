#include "http/server/connection_poller.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

namespace emulator::http::server {

namespace {

using std::chrono::milliseconds;

// The most expired waits per Poll, so that many delayed responses due at the same time do not hold
// up a new request.
constexpr size_t kMaxExpired = 64;

// Each descriptor in the epoll set has an id. The lowest belong to the interrupt and to the
// listening sockets.
constexpr uint64_t kInterruptId = 0;
constexpr uint64_t kFirstListeningId = 1;

uint32_t EventsFor(ConnectionPoller::Interest interest) {
  switch (interest) {
    case ConnectionPoller::Interest::kReadable:
      return EPOLLIN | EPOLLRDHUP | EPOLLONESHOT;
    case ConnectionPoller::Interest::kWritable:
      return EPOLLOUT | EPOLLONESHOT;
    case ConnectionPoller::Interest::kWakeup:
      return EPOLLRDHUP | EPOLLONESHOT;
    case ConnectionPoller::Interest::kTime:
      break;
  }
  return EPOLLONESHOT;  // EPOLLHUP and EPOLLERR are always reported
}

// Whether the events mean the end of the connection for that interest. A reader finds out by
// reading.
bool IsEnd(ConnectionPoller::Interest interest, uint32_t events) {
  if (interest == ConnectionPoller::Interest::kReadable) return false;
  if (interest == ConnectionPoller::Interest::kWakeup && (events & EPOLLRDHUP)) return true;
  return events & (EPOLLERR | EPOLLHUP);
}

// The time-out for epoll_wait in milliseconds, rounded up, so that `until` has come afterwards. -1:
// none.
int TimeoutUntil(RealTime until) {
  if (until == RealTime::max()) return -1;
  const RealTime now = RealNow();
  if (until <= now) return 0;  // also keeps `until - now` from overflowing for RealTime::min()
  const auto remaining = std::chrono::ceil<milliseconds>(until - now);
  return static_cast<int>(std::clamp(remaining, milliseconds(0), milliseconds(60'000)).count());
}

[[noreturn]] void Fail() {
  throw std::system_error(errno, std::generic_category(), "cannot wait for clients");
}

}  // namespace

ConnectionPoller::ConnectionPoller(const std::vector<int>& listening)
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

ConnectionPoller::~ConnectionPoller() {
  ::close(poll_);
  ::close(interrupt_);
}

HttpConnection& ConnectionPoller::Add(int descriptor, const TlsContext* tls,
                                      const ReadLimits& limits) {
  const std::lock_guard lock(mutex_);
  const uint64_t id = next_id_++;
  return entries_.try_emplace(id, id, descriptor, tls, limits).first->second.connection;
}

size_t ConnectionPoller::count() const {
  const std::lock_guard lock(mutex_);
  return entries_.size();
}

bool ConnectionPoller::Wait(HttpConnection& connection, Interest interest, RealTime until) {
  bool is_first = false;
  {
    const std::lock_guard lock(mutex_);
    if (ending_ && interest != Interest::kWritable) return false;
    Entry& entry = entries_.at(connection.id);
    entry.waits = true;
    entry.interest = interest;
    const bool is_due = interest == Interest::kWakeup && entry.is_woken;
    is_first = WaitUntil(entry, is_due ? std::min(until, RealNow()) : until);
    epoll_event event{.events = EventsFor(interest), .data = {.u64 = connection.id}};
    if (interest == Interest::kReadable && connection.socket.HasUnsent()) event.events |= EPOLLOUT;
    ::epoll_ctl(poll_, std::exchange(entry.is_watched, true) ? EPOLL_CTL_MOD : EPOLL_CTL_ADD,
                connection.socket.descriptor(), &event);
  }
  if (is_first) Interrupt();
  return true;
}

void ConnectionPoller::Close(HttpConnection& connection) {
  decltype(entries_)::node_type closed;  // destroyed after the lock is released
  bool is_last = false;
  {
    const std::lock_guard lock(mutex_);
    closed = entries_.extract(connection.id);
    is_last = ending_ && entries_.empty();
  }
  if (is_last) Interrupt();
}

void ConnectionPoller::Wake(uint64_t id) {
  bool is_first = false;
  {
    const std::lock_guard lock(mutex_);
    const auto found = entries_.find(id);
    if (found == entries_.end()) return;
    Entry& entry = found->second;
    const bool was_woken = std::exchange(entry.is_woken, true);
    if (was_woken || !entry.waits || entry.interest != Interest::kWakeup) return;
    // Queued by time, so that connections with frequent wake-ups do not delay expired waits.
    waiting_.erase({entry.until, id});
    is_first = WaitUntil(entry, std::min(entry.until, RealNow()));
  }
  if (is_first) Interrupt();
}

bool ConnectionPoller::WaitUntil(Entry& entry, RealTime until) {
  entry.until = until;
  waiting_.emplace(until, entry.connection.id);
  if (until >= sleeps_until_) return false;
  sleeps_until_ = until;
  return true;
}

void ConnectionPoller::StopWaiting(Entry& entry) {
  waiting_.erase({entry.until, entry.connection.id});
  entry.waits = false;
  if (entry.interest == Interest::kWakeup) entry.is_woken = false;
}

void ConnectionPoller::Poll(PollResult& result, RealTime until) {
  result.woken.clear();
  result.acceptable.clear();
  int timeout = 0;
  {
    const std::lock_guard lock(mutex_);
    sleeps_until_ = waiting_.empty() ? until : std::min(until, waiting_.begin()->first);
    timeout = TimeoutUntil(sleeps_until_);
  }
  std::array<epoll_event, 128> events;
  const int count = ::epoll_wait(poll_, events.data(), static_cast<int>(events.size()), timeout);

  const std::lock_guard lock(mutex_);
  sleeps_until_ = RealTime::min();
  for (int i = 0; i < count; ++i) {
    const epoll_event& event = events[static_cast<size_t>(i)];
    const uint64_t id = event.data.u64;
    if (id == kInterruptId) {
      uint64_t times = 0;
      (void)!::read(interrupt_, &times, sizeof times);
    } else if (id < kFirstListeningId + listening_.size()) {
      result.acceptable.push_back(listening_[id - kFirstListeningId]);
    } else if (const auto found = entries_.find(id); found != entries_.end()) {
      // A connection stays in the epoll set after its wait has expired.
      Entry& entry = found->second;
      if (!entry.waits) continue;
      StopWaiting(entry);
      const bool is_end = IsEnd(entry.interest, event.events);
      result.woken.push_back({entry.connection, is_end ? WakeReason::kClosed : WakeReason::kReady});
    }
  }
  const RealTime now = RealNow();
  for (size_t i = 0; i < kMaxExpired && !waiting_.empty() && waiting_.begin()->first <= now; ++i) {
    Entry& entry = entries_.at(waiting_.begin()->second);
    const bool is_woken = entry.interest == Interest::kWakeup && entry.is_woken;
    StopWaiting(entry);
    result.woken.push_back({entry.connection, is_woken ? WakeReason::kReady : WakeReason::kTime});
  }
}

void ConnectionPoller::Interrupt() {
  const uint64_t one = 1;
  (void)!::write(interrupt_, &one, sizeof one);
}

std::vector<HttpConnection*> ConnectionPoller::BeginShutdown() {
  const std::lock_guard lock(mutex_);
  ending_ = true;
  std::vector<HttpConnection*> waiting;
  for (auto& [_, entry] : entries_) {
    entry.connection.socket.StopReceiving();
    if (!entry.waits || entry.interest == Interest::kWritable) continue;
    StopWaiting(entry);
    waiting.push_back(&entry.connection);
  }
  return waiting;
}

void ConnectionPoller::CloseAll() {
  decltype(entries_) closed;  // destroyed after the lock is released
  const std::lock_guard lock(mutex_);
  closed.swap(entries_);
  waiting_.clear();
}

}  // namespace emulator::http::server
