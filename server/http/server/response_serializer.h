// cpp-httplib, embedded: its server without its sockets.
//
// It is told of a request only that it is one, and whether its answer has a body. The request line
// and headers themselves never reach it, because it percent-decodes header values, refuses unknown
// methods, cuts JSON by Range, compresses it slowly, and routes by std::regex, which overflows the
// stack on a long URL. It calls our handler and writes the answer.
//
// Threads: any number may Run at the same time.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "http/response.h"

namespace emulator::http::server {

class ResponseSerializer {
 public:
  ResponseSerializer();
  ~ResponseSerializer();

  struct Options {
    const std::function<Response()>& answer;  // must not throw
    bool head = false;                        // leave the body out
    bool close = false;                       // the connection ends after this answer
    bool http10 = false;                      // the client must be told that it does not
  };

  // The answer, ready to be sent as it says. One that goes on has no length, and says that the
  // connection ends after it. (RFC 9112 section 6.3: the end of the connection is the body's, which
  // clients of HTTP/1.0 understand, too.)
  struct Bytes {
    std::string text;
    Delivery delivery;
    std::shared_ptr<PendingResponse> pending;
  };
  Bytes Run(const Options& options);

 private:
  class Library;
  const std::unique_ptr<Library> library_;
};

}  // namespace emulator::http::server
