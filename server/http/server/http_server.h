// An HTTP/1.1 server, with or without TLS. Sockets, parsing and the event loop are our own;
// cpp-httplib serializes the responses (response_serializer.h).
//
// A connection holds a thread only while bytes of a request arrive or the handler runs. At all
// other times it waits in one event loop (connection_poller.h) and costs a buffer, but no thread:
// between requests, while the client pauses within a request or reads a response slowly, during a
// delay (Delivery), and for a PendingResponse. The handler is called with a complete and valid
// request (request_parser.h).
//
// Threads: construct, Start, Stop and destroy from one thread; the handlers run on many threads.
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
    size_t connections = 10'000;                // more are answered 503 and closed
    size_t threads = 512;                       // requests that run at the same time
    std::chrono::milliseconds request{10'000};  // from a request's first byte to its last; then 408
    std::chrono::milliseconds idle{60'000};     // between requests; then the connection is closed
    std::chrono::milliseconds send{30'000};     // for the client to receive what is due
  };
  // A port that clients connect to. The caller owns both objects, which must outlive the server.
  struct Endpoint {
    Listener& listener;
    const TlsContext* tls = nullptr;  // nullptr: plain HTTP
  };
  using Handler = std::function<Response(const Request&)>;
  using ErrorHandler = std::function<Response(RequestParseError)>;

  // The handlers must not throw. `error_handler` answers input that is not a request, and requests
  // that the server cannot pass to `handler`.
  HttpServer(std::vector<Endpoint> endpoints, Limits limits, Handler handler,
             ErrorHandler error_handler);
  // Calls Stop if it was not called.
  ~HttpServer();

  void Start();

  // Stops accepting, closes idle connections, sends delayed responses at once, refuses pending ones
  // (kServerStopping), ends streamed ones, and gives `grace` to running requests and to clients
  // that are receiving. Returns false if some were not finished by then. Waits for handlers without
  // a limit: when it returns, no thread of the server runs.
  bool Stop(std::chrono::milliseconds grace);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace emulator::http::server
