// The HTTP client of the commands that call a running emulator, by cpp-httplib.
// Threads: any.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "http/request.h"
#include "http/response.h"

namespace emulator::http {

// True if a GET of the path returns 200 within `time`. Never throws.
bool AnswersOk(const std::string& host, int port, const std::string& path,
               std::chrono::milliseconds time);

struct ClientResponse {
  std::optional<Response> response;  // nullopt: no response
  bool is_untrusted = false;         // because the server's certificate is not trusted
};
// Sends a GET or a POST. `url`: http:// or https://, with or without a path, to which the request's
// target is appended. https trusts the system's CAs, or those of SSL_CERT_FILE. Never throws.
ClientResponse Send(const std::string& url, const Request& request, std::chrono::milliseconds time);

}  // namespace emulator::http
