// An HTTP response as a plain value, with how it is to be sent.
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

// How a connection ends in place of a proper answer: the four faults of WireMock, by its names.
enum class ConnectionFault {
  kNone,
  kConnectionReset,         // a reset (RST), nothing sent
  kEmptyResponse,           // a close, nothing sent
  kMalformedResponseChunk,  // the head of a chunked answer, rubbish for its first chunk, a close
  kRandomDataThenClose,     // rubbish, a close
};

// How an answer goes out: properly and at once, if nothing else is said. Times are real time; one
// below 0 counts as 0, one above a day as a day. Whoever waits meanwhile is the client, no thread.
struct Delivery {
  std::chrono::milliseconds delay{0};      // before its first byte, or before it breaks
  std::chrono::milliseconds body_time{0};  // from the head, sent at once, to the body's last byte
  ConnectionFault connection_fault = ConnectionFault::kNone;  // then there is no body to spread

  bool operator==(const Delivery&) const = default;
};

struct Response;

// What of an answer is yet to come. Whoever waits for it is the client, no thread. It is looked for
// when the bell was rung, when `until` has come, and sometimes for no reason: once for all rings
// since the last look. A client that goes, or says that it will send no more, ends it.
struct PendingResponse {
  std::shared_ptr<Waker> waker{};    // none: only the time counts
  RealTime until = RealTime::max();  // one that is past: looked for again at once

  // One of these two, neither of which may throw.
  // There is no answer yet: what else the response says is dropped. This gives the answer, or says
  // anew that there is none. When the server stops, the request is refused.
  std::function<Response()> retry{};
  // The answer goes on: its head is sent at once, without a length, and its body; then, whenever
  // all was sent and it is looked for more, what this gives. nullopt ends the answer and the
  // connection, as does the server when it stops. It may change `until`: to now, where there is
  // more than it wants to give at once. One thread at a time calls it. Not called for HEAD.
  std::function<std::optional<std::string>()> next_chunk{};
};

struct Response {
  int status = 200;
  Headers headers{};    // without CR and LF: the door does not look
  std::string body{};   // also the answer to HEAD: the door leaves it out and keeps its length
  Delivery delivery{};  // how it goes out; a broken one has no pending
  std::shared_ptr<PendingResponse> pending{};  // none: this is the whole answer
};

}  // namespace emulator::http
