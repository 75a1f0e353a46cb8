// Serves HTTP/1.1 on the sockets of Listeners, plainly or by TLS, through cpp-httplib; no other
// file knows it (but for the client of `healthcheck`).
//
// A thread is a client's only while it has something to say, or its answer is being made. Where a
// client pauses within a request, has been idle for a moment after one, does not take its answer as
// fast as it could be sent, is to get it later or slowly (Delivery), or waits for news
// (PendingResponse), it waits with all others like it for one thread (visitors.h): so idle, slow
// and waiting clients cost a buffer each and no thread. A request is given to the library when the
// whole of it is in memory and was found sound (request_reader.h).
//
// Threads: construct, Start, Stop and destroy from one; the functions given are called from many.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <vector>

#include "http/request.h"
#include "http/response.h"
#include "http/server/listener.h"
#include "http/server/request_parser.h"
#include "http/server/tls_context.h"

namespace emulator::http::server {

class HttpServer {
 public:
  struct Limits {
    ReadLimits read;
    size_t connections = 10'000;                // one more is answered 503 and closed
    size_t threads = 512;                       // requests that are answered at once
    std::chrono::milliseconds request{10'000};  // from a request's first byte to its last; else 408
    std::chrono::milliseconds idle{60'000};     // between requests; then the connection is closed
    std::chrono::milliseconds send{30'000};     // for the client to take what is due to it
  };
  // A port that clients come in by. Both stay the caller's and outlive the server.
  struct Endpoint {
    Listener& listener;
    const TlsContext* tls = nullptr;  // nullptr: HTTP is spoken plainly there
  };
  using Handler = std::function<Response(const Request&)>;
  using ErrorHandler = std::function<Response(RequestParseError)>;

  // `answer` and `refuse` must not throw; `refuse` words what never became a request.
  HttpServer(std::vector<Endpoint> endpoints, Limits limits, Handler handler,
             ErrorHandler error_handler);
  // Stops, if it was not stopped.
  ~HttpServer();

  void Start();

  // Stops accepting, closes idle connections, sends what is delayed at once, refuses what would be
  // asked again later (kServerStopping), ends answers that go on, and leaves `grace` to requests
  // that are being answered and to clients that are reading. False when some were not done by then.
  // When it returns nothing runs any more: it waits for an `answer` that hangs.
  bool Stop(std::chrono::milliseconds grace);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace emulator::http::server
