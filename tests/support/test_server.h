// An HTTP server with an echoing handler, and requests for it.
#pragma once

#include <string>

#include "api/reasons.h"
#include "http/server/http_server.h"
#include "support/wire.h"

namespace emulator {

inline int StatusFor(http::server::RequestParseError defect) {
  switch (defect) {
    case http::server::RequestParseError::kMalformed:
    case http::server::RequestParseError::kTlsMissing:
    case http::server::RequestParseError::kTlsHandshakeFailed:
      return 400;
    case http::server::RequestParseError::kRequestTimeout:
      return 408;
    case http::server::RequestParseError::kPayloadTooLarge:
      return 413;
    case http::server::RequestParseError::kUriTooLong:
      return 414;
    case http::server::RequestParseError::kUnsupportedMediaType:
      return 415;
    case http::server::RequestParseError::kHeaderFieldsTooLarge:
      return 431;
    case http::server::RequestParseError::kTransferCodingUnknown:
      return 501;
    case http::server::RequestParseError::kTooManyConnections:
    case http::server::RequestParseError::kServerStopping:
      return 503;
    case http::server::RequestParseError::kHttpVersionUnsupported:
      return 505;
  }
  return 0;
}

// A server on a free port. Its responses repeat the request: "GET /path body".
struct TestServer {
  explicit TestServer(http::server::HttpServer::Limits limits = {},
                      http::server::HttpServer::Handler answer = Echo)
      : server({{listener}}, limits, std::move(answer), [](http::server::RequestParseError defect) {
          return http::Response{.status = StatusFor(defect),
                                .body = std::string(api::ReasonFor(defect).code)};
        }) {
    server.Start();
  }
  static http::Response Echo(const http::Request& request) {
    return {.headers = {{"Content-Type", "text/plain"}},
            .body = request.method + " " + request.target + " " + request.body};
  }
  Wire Connect() const { return Wire(listener.port()); }

  http::server::Listener listener{"127.0.0.1", 0};
  http::server::HttpServer server;
};

inline http::server::HttpServer::Limits FewThreads() {
  http::server::HttpServer::Limits limits;
  limits.threads = 2;
  return limits;
}

inline std::string Ask(const std::string& target, const std::string& lines = "",
                       const std::string& method = "GET") {
  return method + " " + target + " HTTP/1.1\r\nHost: a\r\n" + lines + "\r\n";
}

}  // namespace emulator
