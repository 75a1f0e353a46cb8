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

// A way to break an answer; the answer's own text is then not sent.
enum class Breakage {
  kNone,
  kConnectionReset,
  kEmptyResponse,
  kMalformedResponseChunk,
  kRandomDataThenClose
};

// How the door sends an answer.
struct Delivery {
  std::chrono::milliseconds delay{0};      // before the first byte; real time
  std::chrono::milliseconds body_time{0};  // over which the body is dribbled
  Breakage breakage = Breakage::kNone;
};

struct Response {
  int status = 200;
  Headers headers{};
  std::string body{};  // also the answer to HEAD: the door leaves it out and keeps its length
  Delivery delivery{};
};

}  // namespace emulator
