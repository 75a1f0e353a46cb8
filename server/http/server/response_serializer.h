// Turns a finished response into the bytes of HTTP/1.1, by means of cpp-httplib.
//
// cpp-httplib is used here as a serializer only: its server runs without sockets on a constant
// request, and its pre-routing handler hands it our response. The library never
// sees the client's request, because the library percent-decodes header values, refuses unknown
// methods, cuts JSON by Range, compresses it slowly, and routes by std::regex, which overflows the
// stack on a long URL.
//
// Threads: any.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "http/response.h"

namespace emulator::http::server {

class ResponseSerializer {
 public:
  ResponseSerializer();
  ~ResponseSerializer();

  struct Options {
    bool head = false;       // the request was HEAD: omit the body, keep its length
    bool close = false;      // the connection ends after this response
    bool http10 = false;     // the client speaks HTTP/1.0: announce a connection that stays open
    bool streaming = false;  // more of the body follows: no Content-Length, and `close` is implied
  };

  // The head and the body, ready to be sent. Ignores `delivery` and `pending`.
  // A streamed response has no length: the end of the connection ends its body (RFC 9112
  // section 6.3), which clients of HTTP/1.0 understand, too.
  std::string Serialize(Response response, const Options& options);

 private:
  class Library;
  std::unique_ptr<Library> TakeLibrary();

  std::mutex mutex_;
  std::vector<std::unique_ptr<Library>> idle_;  // guarded by mutex_; reused by later calls
};

}  // namespace emulator::http::server
