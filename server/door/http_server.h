// Serves HTTP/1.1 on the sockets of a Listener, through cpp-httplib; no other file knows it (but
// for the client of `healthcheck`).
//
// A connection is read by a thread only while it has something to say. Where a client pauses within
// a request, or has been idle for a moment after one, the connection is parked: one thread waits
// for all parked ones, so that idle and slow clients cost a buffer each and no thread. A request is
// given to the library when the whole of it is in memory and was found sound (request_reader.h).
//
// Threads: construct, Start, Stop and destroy from one; the functions given are called from many.
#pragma once

#include <chrono>
#include <functional>
#include <memory>

#include "door/http.h"
#include "door/listener.h"
#include "door/request_reader.h"

namespace emulator {

class HttpServer {
 public:
  struct Limits {
    ReadLimits read;
    size_t connections = 10'000;                // one more is answered 503 and closed
    size_t threads = 512;                       // requests that are answered at once
    std::chrono::milliseconds request{10'000};  // from a request's first byte to its last; else 408
    std::chrono::milliseconds idle{60'000};     // between requests; then the connection is closed
    std::chrono::milliseconds send{30'000};     // for the client to take an answer
  };
  using Answer = std::function<Response(const Request&)>;
  using Refuse = std::function<Response(RequestDefect)>;

  // `answer` and `refuse` must not throw; `refuse` words what never became a request. The listener
  // stays the caller's and outlives the server.
  HttpServer(Listener& listener, Limits limits, Answer answer, Refuse refuse);
  // Stops, if it was not stopped.
  ~HttpServer();

  void Start();

  // Stops accepting, closes idle connections at once, gives requests that are being answered
  // `grace` to finish. False when some had to be cut off. Nothing runs any more when it returns,
  // unless `answer` itself hangs.
  bool Stop(std::chrono::milliseconds grace);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace emulator
