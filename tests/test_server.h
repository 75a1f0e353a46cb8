// A server to test the door with, and what to ask it.
#pragma once

#include <string>

#include "api/causes.h"
#include "door/http_server.h"
#include "wire.h"

namespace emulator {

inline int StatusFor(RequestDefect defect) {
  switch (defect) {
    case RequestDefect::kMalformed:
    case RequestDefect::kTlsMissing:
    case RequestDefect::kTlsHandshakeFailed:
      return 400;
    case RequestDefect::kRequestTimeout:
      return 408;
    case RequestDefect::kPayloadTooLarge:
      return 413;
    case RequestDefect::kUriTooLong:
      return 414;
    case RequestDefect::kUnsupportedMediaType:
      return 415;
    case RequestDefect::kHeaderFieldsTooLarge:
      return 431;
    case RequestDefect::kTransferCodingUnknown:
      return 501;
    case RequestDefect::kTooManyConnections:
    case RequestDefect::kServerStopping:
      return 503;
    case RequestDefect::kHttpVersionUnsupported:
      return 505;
  }
  return 0;
}

// A server on a free port that answers what it was asked: "GET /path body".
struct TestServer {
  explicit TestServer(HttpServer::Limits limits = {}, HttpServer::Answer answer = Echo)
      : server({{listener}}, limits, std::move(answer), [](RequestDefect defect) {
          return Response{.status = StatusFor(defect), .body = std::string(CauseOf(defect).word)};
        }) {
    server.Start();
  }
  static Response Echo(const Request& request) {
    return {.headers = {{"Content-Type", "text/plain"}},
            .body = request.method + " " + request.target + " " + request.body};
  }
  Wire Connect() const { return Wire(listener.port()); }

  Listener listener{"127.0.0.1", 0};
  HttpServer server;
};

inline HttpServer::Limits FewThreads() {
  HttpServer::Limits limits;
  limits.threads = 2;
  return limits;
}

inline std::string Ask(const std::string& target, const std::string& lines = "",
                       const std::string& method = "GET") {
  return method + " " + target + " HTTP/1.1\r\nHost: a\r\n" + lines + "\r\n";
}

}  // namespace emulator
