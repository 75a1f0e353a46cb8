// A connection of a client: its socket, the request that arrives on it, and the response.
// Threads: one at a time: the one that serves it, or the event loop's (connection_poller.h).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <utility>

#include "base/real_time.h"
#include "http/response.h"
#include "http/server/client_socket.h"
#include "http/server/paced_response.h"
#include "http/server/request_parser.h"

namespace emulator::http::server {

struct HttpConnection {
  enum class Stage {
    kIdle,       // between requests
    kReading,    // within a request
    kPending,    // waits for a response that is not ready
    kWriting,    // the server sends a response
    kStreaming,  // waits for the next chunk of a streamed response
    kLingering,  // received its last response: the server waits for the client's close
  };

  HttpConnection(uint64_t id_value, int descriptor, const TlsContext* tls, const ReadLimits& limits)
      : id(id_value), socket(descriptor, tls), parser(limits) {}
  ~HttpConnection() { Subscribe(nullptr, {}); }
  HttpConnection(const HttpConnection&) = delete;
  HttpConnection& operator=(const HttpConnection&) = delete;

  // Replaces the pending response (nullptr: none). `wake` becomes the callback of its waker; the
  // waker of the previous one loses its callback.
  void Subscribe(std::shared_ptr<PendingResponse> next, std::function<void()> wake) {
    if (pending && pending->waker) pending->waker->SetCallback({});
    pending = std::move(next);
    if (pending && pending->waker) pending->waker->SetCallback(std::move(wake));
  }

  const uint64_t id;  // never reused, unlike the descriptor
  ClientSocket socket;
  RequestParser parser;
  PacedResponse response;
  std::shared_ptr<PendingResponse> pending;  // of that response; set by Subscribe
  Stage stage = Stage::kIdle;
  RealTime deadline{};  // of kReading or kLingering
};

}  // namespace emulator::http::server
