// All visitors that are in: those that a thread serves, and those that wait, for bytes, for room to
// send, for a ring, for a time. Any number may wait: one thread waits for all, woken by the first
// of them that need not wait longer. It hears of new connections, too.
// Threads: Await is one thread's; anything else may be called from any.
#pragma once

#include <cstdint>
#include <mutex>
#include <set>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/real_time.h"
#include "http/server/http_connection.h"

namespace emulator::http::server {

class ConnectionPoller {
 public:
  // `listening`: sockets that stay the caller's. Throws std::system_error.
  explicit ConnectionPoller(const std::vector<int>& listening);
  ~ConnectionPoller();
  ConnectionPoller(const ConnectionPoller&) = delete;
  ConnectionPoller& operator=(const ConnectionPoller&) = delete;

  // A new visitor, whom the caller's thread serves. Owns the descriptor; `tls`: as ClientSocket has
  // it.
  HttpConnection& Add(int descriptor, const TlsContext* tls, const ReadLimits& limits);
  size_t count() const;

  // What ends a wait before its time: something to read (or room for what TLS has to say
  // meanwhile), or room to send, or a Ring, or nothing.
  enum class Interest { kReadable, kWritable, kWakeup, kTime };

  // REQUIRES (both): the caller's thread serves the visitor. After it, it does no more.
  // Wait does nothing and returns false when one may not wait for that any more.
  bool Wait(HttpConnection& connection, Interest interest, RealTime until);
  void Close(HttpConnection& connection);

  // For the visitor of that id: ends its wait for a ring, or else its next one, at once. Nothing
  // where it has left.
  void Wake(uint64_t id);

  // Why somebody need not wait longer.
  enum class WakeReason {
    kReady,  // bytes came, or there is room, or it was rung for
    // The connection broke while there was nothing to read or send. Of one who waits for a ring
    // also that the client finished sending: of most who close a connection no more is seen.
    kClosed,
    kTime,  // the time is over
  };
  struct ReadyConnection {
    HttpConnection& connection;  // the caller serves it from now on, or lets a thread do so
    WakeReason reason;
  };
  struct PollResult {
    std::vector<ReadyConnection> woken;
    std::vector<int> acceptable;  // listening sockets that somebody wants to be accepted from
  };
  // Waits for news, for an Interrupt, for `until`; sometimes it returns for no reason. `news` is
  // overwritten.
  void Poll(PollResult& result, RealTime until = RealTime::max());
  void Interrupt();

  // From now on nobody receives anything, or waits, but for room to send; the caller serves those
  // who did wait for something else. An Await ends when the last visitor leaves.
  std::vector<HttpConnection*> BeginShutdown();
  // Closes what is still connected. REQUIRES: no thread serves any visitor.
  void CloseAll();

 private:
  struct Entry {
    Entry(uint64_t id, int descriptor, const TlsContext* tls, const ReadLimits& limits)
        : connection(id, descriptor, tls, limits) {}

    HttpConnection connection;
    bool is_watched = false;  // by poll_
    bool waits = false;
    Interest interest{};
    RealTime until{};
    bool is_woken = false;  // since it last waited for that
  };

  // REQUIRES (all): mutex_ held.
  bool WaitUntil(Entry& entry, RealTime until);  // true: Await sleeps longer than that
  void StopWaiting(Entry& entry);                // REQUIRES: it waits

  const std::vector<int> listening_;
  int poll_ = -1;
  int interrupt_ = -1;

  mutable std::mutex mutex_;
  // Guarded by mutex_:
  std::unordered_map<uint64_t, Entry> entries_;  // by id
  std::set<std::pair<RealTime, uint64_t>> waiting_;
  uint64_t next_id_ = 0;
  RealTime sleeps_until_ = RealTime::min();  // Await does, if nothing happens
  bool ending_ = false;
};

}  // namespace emulator::http::server
