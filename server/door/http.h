// Request and Response as plain values: what the rooms pass to each other, and what a test calls
// the service with. Nothing of a socket or of an HTTP library comes in here.
// Threads: values; copy or move them.
#pragma once

#include <chrono>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace emulator {

// True when both are equal but for the case of ASCII letters, as header names and path literals
// are compared.
bool EqualIgnoringCase(std::string_view a, std::string_view b);

// nullopt when a '%' is not followed by two hexadecimal digits (RFC 3986 section 2.1).
std::optional<std::string> PercentDecode(std::string_view text);

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
  std::string method;  // as sent: methods are case-sensitive
  std::string target;  // as sent: path and query, still percent-encoded; visible ASCII only
  Headers headers;     // values as sent, without the white space around them
  std::string body;    // decoded from chunks; empty when there was none

  std::string_view Path() const;  // the target up to its '?'
};

// How a connection ends in place of a proper answer: the four faults of WireMock, by its names.
enum class Breakage {
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
  Breakage breakage = Breakage::kNone;     // then there is no body to spread

  bool operator==(const Delivery&) const = default;
};

struct Response {
  int status = 200;
  Headers headers{};    // without CR and LF: the door does not look
  std::string body{};   // also the answer to HEAD: the door leaves it out and keeps its length
  Delivery delivery{};  // how it goes out
};

}  // namespace emulator
