// All open connections, and the epoll set on which idle, slow and pending ones wait: for input, for
// room to send, for a wake-up, or for a time. One thread polls for all of them and for new
// connections.
// Threads: Poll belongs to one thread; any thread may call the rest.
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
  // `listening`: sockets that the caller owns. Throws std::system_error.
  explicit ConnectionPoller(const std::vector<int>& listening);
  ~ConnectionPoller();
  ConnectionPoller(const ConnectionPoller&) = delete;
  ConnectionPoller& operator=(const ConnectionPoller&) = delete;

  // Adds a connection, which the caller's thread serves. Owns the descriptor. `tls`: see
  // ClientSocket.
  HttpConnection& Add(int descriptor, const TlsContext* tls, const ReadLimits& limits);
  size_t count() const;

  // The event that ends a wait before its time: input (or room for the unsent bytes of TLS), room
  // to send, a call of Wake, or nothing.
  enum class Interest { kReadable, kWritable, kWakeup, kTime };

  // REQUIRES (both): the caller's thread serves the connection. After the call it must not touch
  // the connection, which may belong to another thread. Wait returns false and does nothing if
  // shutdown forbids a wait for that interest.
  bool Wait(HttpConnection& connection, Interest interest, RealTime until);
  void Close(HttpConnection& connection);

  // Ends the connection's wait for a wake-up, or else its next one, at once. Does nothing if the
  // connection is closed.
  void Wake(uint64_t id);

  // Why a wait ended.
  enum class WakeReason {
    kReady,  // input, room to send, or a wake-up
    // The connection broke while there was nothing to read or send. For kWakeup also: the client
    // shut down its sending side, which is all that most closing clients show.
    kClosed,
    kTime,  // the time has come
  };
  struct ReadyConnection {
    HttpConnection& connection;  // the caller now serves it, or passes it to a thread
    WakeReason reason;
  };
  struct PollResult {
    std::vector<ReadyConnection> woken;
    std::vector<int> acceptable;  // listening sockets with a connection to accept
  };
  // Waits for a result, an Interrupt, or `until`; sometimes returns for no reason. Overwrites
  // `result`.
  void Poll(PollResult& result, RealTime until = RealTime::max());
  void Interrupt();

  // From now on no connection receives anything or waits, except for room to send. Returns those
  // that waited for something else: the caller serves them. Poll returns when the last connection
  // closes.
  std::vector<HttpConnection*> BeginShutdown();
  // Closes all connections. REQUIRES: no thread serves one.
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
    bool is_woken = false;  // since its last wait for a wake-up
  };

  // REQUIRES (all): mutex_ held.
  bool WaitUntil(Entry& entry, RealTime until);  // true: Poll sleeps longer and needs an Interrupt
  void StopWaiting(Entry& entry);                // REQUIRES: it waits

  const std::vector<int> listening_;
  int poll_ = -1;
  int interrupt_ = -1;

  mutable std::mutex mutex_;
  // Guarded by mutex_:
  std::unordered_map<uint64_t, Entry> entries_;  // by id
  std::set<std::pair<RealTime, uint64_t>> waiting_;
  uint64_t next_id_ = 0;
  RealTime sleeps_until_ = RealTime::min();  // when Poll wakes if nothing happens
  bool ending_ = false;
};

}  // namespace emulator::http::server
