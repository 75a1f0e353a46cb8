// Request and Response as plain values: what the rooms pass to each other, and what a test calls
// the service with. Nothing of a socket or of an HTTP library comes in here.
// Threads: values; copy or move them.
#pragma once

#include <chrono>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/real_time.h"
#include "http/waker.h"

namespace emulator::http {

// True when both are equal but for the case of ASCII letters, as header names and path literals
// are compared.
bool EqualIgnoringCase(std::string_view a, std::string_view b);

// Of ASCII alone.
inline bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}

// A name as header fields and methods have (RFC 9110 section 5.6.2); not empty.
bool IsToken(std::string_view text);

// Without the spaces and tabs around it (RFC 9110 section 5.6.3). A view into the text.
std::string_view Trim(std::string_view text);

// nullopt when a '%' is not followed by two hexadecimal digits (RFC 3986 section 2.1).
std::optional<std::string> PercentDecode(std::string_view text);

// The parts of a target's query in their order, as sent: a name and a value, which is empty where
// there is no '='. Empty parts are left out. Views into the target.
std::vector<std::pair<std::string_view, std::string_view>> QueryParts(std::string_view target);

// A name or a value of a query; '+' is a space (the URL standard's form encoding). nullopt when a
// '%' is not followed by two hexadecimal digits.
std::optional<std::string> DecodeForm(std::string_view text);

struct Header {
  std::string name;
  std::string value;
};

// Header fields in the order they came. Names compare without case; a name may occur repeatedly.
class Headers {
 public:
  Headers() = default;
  Headers(std::initializer_list<Header> fields) : fields_(fields) {}

  void Add(std::string name, std::string value);
  // Replaces every field of that name by one.
  void Set(std::string_view name, std::string value);
  // Every field of that name.
  void Remove(std::string_view name);

  // The first value of that name; nullptr when there is none. Valid until the headers change.
  const std::string* Find(std::string_view name) const;
  size_t Count(std::string_view name) const;

  auto begin() const { return fields_.begin(); }
  auto end() const { return fields_.end(); }
  void Reserve(size_t fields) { fields_.reserve(fields); }

 private:
  std::vector<Header> fields_;
};

struct Request {
  std::string method;   // as sent: methods are case-sensitive
  std::string target;   // as sent: path and query, still percent-encoded; visible ASCII only
  Headers headers;      // values as sent, without the white space around them
  std::string body;     // decoded from chunks; empty when there was none
  RealTime arrived{};   // when the door had the whole of it
  bool secure = false;  // it came by TLS

  std::string_view Path() const;  // the target up to its '?'
};

// "http://localhost:8080": how the client reached us, as its Host says.
std::string OriginOf(const Request& request);

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
