// Asks a running emulator over HTTP: for the commands that do.
// Threads: any.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "http/request.h"
#include "http/response.h"

namespace emulator::http {

// True when GET of the path is answered 200 within the time. Never throws.
bool AnswersOk(const std::string& host, int port, const std::string& path,
               std::chrono::milliseconds time);

struct ClientResponse {
  std::optional<Response> response;  // nullopt: nobody answered, or nobody who is trusted
  bool is_untrusted = false;
};
// The answer to a GET or a POST. `url`: with http:// or https:// and a path or none, which the
// request's target is put behind. Trusted by https are the system's CAs, or those of SSL_CERT_FILE.
// Never throws.
ClientResponse Send(const std::string& url, const Request& request, std::chrono::milliseconds time);

}  // namespace emulator::http
