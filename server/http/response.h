// An HTTP response as a plain value, and how to send it.
// Threads: values; copy or move them.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/real_time.h"
#include "http/headers.h"
#include "http/waker.h"

namespace emulator::http {

// A broken connection in place of a response: the four faults of WireMock, with its names.
enum class ConnectionFault {
  kNone,
  kConnectionReset,         // a reset (RST), nothing sent
  kEmptyResponse,           // a close, nothing sent
  kMalformedResponseChunk,  // the head of a chunked response, garbage as its first chunk, a close
  kRandomDataThenClose,     // garbage, a close
};

// How to send a response; by default at once and intact. Times are real time, limited to the range
// from 0 to one day. Waiting holds no thread.
struct Delivery {
  std::chrono::milliseconds delay{0};      // before the first byte, or before the fault
  std::chrono::milliseconds body_time{0};  // from the head to the last byte of the body
  ConnectionFault connection_fault = ConnectionFault::kNone;  // then body_time is ignored

  bool operator==(const Delivery&) const = default;
};

struct Response;

// The part of a response that is not ready yet. Waiting holds no thread. The server calls `retry`
// or `next_chunk` after a wake-up, at `until`, and sometimes for no reason; several wake-ups may
// cause one call. The wait ends when the client closes the connection or its sending side.
struct PendingResponse {
  std::shared_ptr<Waker> waker{};    // nullptr: only `until` ends the wait
  RealTime until = RealTime::max();  // a past time: call again at once

  // Exactly one of the two is set. Neither may throw.
  // Set if there is no response yet; the rest of the Response is ignored. Returns the response, or
  // another pending one. When the server stops, it refuses the request.
  std::function<Response()> retry{};
  // Set if the response is streamed: the server sends the head, without a length, and the body at
  // once; then, each time all is sent and the wait has ended, what this returns. nullopt ends the
  // response and the connection; so does the server when it stops. May change `until`, for example
  // to now if there is more to send. Called by one thread at a time. Not called for HEAD.
  std::function<std::optional<std::string>()> next_chunk{};
};

struct Response {
  int status = 200;
  Headers headers{};    // without CR and LF: the server does not check
  std::string body{};   // also for HEAD: the server omits it and keeps its length
  Delivery delivery{};  // with a connection fault, `pending` is ignored
  std::shared_ptr<PendingResponse> pending{};  // nullptr: the response is complete
};

}  // namespace emulator::http
