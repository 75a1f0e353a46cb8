// An HTTP request as a plain value, without socket or HTTP library.
// Threads: a value.
#pragma once

#include <string>
#include <string_view>

#include "base/real_time.h"
#include "http/headers.h"

namespace emulator::http {

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

}  // namespace emulator::http
