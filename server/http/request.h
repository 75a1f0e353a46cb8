// An HTTP request as a plain value, without socket or HTTP library.
// Threads: values.
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
  std::string body;     // decoded from chunks; empty if there was none
  RealTime arrived{};   // when the server had received all of it
  bool secure = false;  // received by TLS

  std::string_view Path() const;  // the target before its '?'
};

// "http://localhost:8080": the origin that the client used, from the scheme and the Host header.
std::string OriginOf(const Request& request);

}  // namespace emulator::http
