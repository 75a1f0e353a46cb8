// A visitor of the door: one connection of a client, with its socket, the request that comes on it,
// the answer that goes.
// Threads: one at a time: one that serves it, or the one that waits for all (visitors.h).
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
    kPending,    // it asked, and there is no answer yet
    kWriting,    // it is being sent its answer
    kStreaming,  // it was sent all there is yet of an answer that goes on
    kLingering,  // answered for the last time: only its own close is awaited
  };

  HttpConnection(uint64_t name, int descriptor, const TlsContext* tls, const ReadLimits& limits)
      : id(name), socket(descriptor, tls), parser(limits) {}
  ~HttpConnection() { Subscribe(nullptr, {}); }
  HttpConnection(const HttpConnection&) = delete;
  HttpConnection& operator=(const HttpConnection&) = delete;

  // What of its answer is yet to come, from now on; nullptr: nothing. Its bell calls `ring`, and
  // the one before is not heard any more.
  void Subscribe(std::shared_ptr<PendingResponse> next, std::function<void()> wake) {
    if (pending && pending->waker) pending->waker->SetCallback({});
    pending = std::move(next);
    if (pending && pending->waker) pending->waker->SetCallback(std::move(wake));
  }

  const uint64_t id;  // never that of another visitor, unlike the descriptor
  ClientSocket socket;
  RequestParser parser;
  PacedResponse response;
  std::shared_ptr<PendingResponse> pending;  // of that answer; set by Follow
  Stage stage = Stage::kIdle;
  RealTime deadline{};  // of its request, or of its leaving
};

}  // namespace emulator::http::server
