// Finds one request at the beginning of a connection's bytes, strictly: whatever is not plainly one
// request is refused, so that no byte can be taken for another request (RFC 9112 sections 2.2
// to 7.1, 9.3 and 11.2). Pure: bytes in, request or defect out; no socket, no HTTP library.
//
// Why not the library's own reader: cpp-httplib 0.11 has no bound on lines, headers and chunks,
// leaves the body of a GET to be read as the next request, takes repeated and odd Content-Length,
// and percent-decodes header values (also in 0.18 and 0.41), which alters tokens.
//
// Threads: one reader belongs to one connection.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "http/request.h"

namespace emulator::http::server {

// Why no request came of the bytes, or no answer of the request.
enum class RequestParseError {
  kMalformed,               // 400
  kRequestTimeout,          // 408
  kPayloadTooLarge,         // 413
  kUriTooLong,              // 414
  kUnsupportedMediaType,    // 415: a compressed body
  kHeaderFieldsTooLarge,    // 431
  kTransferCodingUnknown,   // 501
  kHttpVersionUnsupported,  // 505
  kTlsMissing,              // 400: HTTP where TLS is spoken
  kTlsHandshakeFailed,      // 400, which the client cannot be told
  kTooManyConnections,      // 503
  kServerStopping,          // 503: there was no answer yet
};

struct ReadLimits {
  size_t request_line = 8 * 1024;   // bytes
  size_t header_block = 32 * 1024;  // bytes, of all header lines together
  size_t header_fields = 100;
  // Bytes of the body, decoded, by what its head says.
  size_t (*body)(const Request& head) = [](const Request&) -> size_t { return 1 << 20; };
};

class RequestParser {
 public:
  explicit RequestParser(const ReadLimits& limits) : limits_(limits) {}

  enum class State { kNeedMore, kComplete, kRefused };

  // `bytes`: all that came since the last Reset(), begun with the same bytes at every call.
  State Parse(std::string_view bytes);

  // When complete:
  Request& request() { return request_; }
  size_t consumed() const { return at_; }          // bytes of this request
  bool keep_alive() const { return keep_alive_; }  // the client allows another request
  bool is_http10() const { return minor_version_ == 0; }

  // When refused:
  RequestParseError error() const { return error_; }

  // True while the client waits for "100 Continue" before it sends the body it announced.
  bool awaits_continue() const { return awaits_continue_ && part_ != Part::kHead; }
  void MarkContinued() { awaits_continue_ = false; }

  // True when nothing of a request has come yet.
  bool is_idle(std::string_view bytes) const { return part_ == Part::kHead && bytes.empty(); }

  // Makes ready for the request that follows.
  void Reset() { *this = RequestParser(limits_); }

 private:
  enum class Part { kHead, kSizedBody, kChunkSize, kChunkData, kTrailer, kDone };

  State ReadHead(std::string_view bytes);
  State ReadSizedBody(std::string_view bytes);
  State ReadChunkSize(std::string_view bytes);
  State ReadChunkData(std::string_view bytes);
  State ReadTrailer(std::string_view bytes);
  State Refuse(RequestParseError error);

  bool ParseRequestLine(std::string_view line);  // false: refused, error_ says why
  bool ValidateFraming();

  // kComplete and a line without its CRLF; kNeedMore; or kRefused for a bare CR or LF, or when the
  // line grows over `most` bytes.
  State ReadLine(std::string_view bytes, size_t most, RequestParseError too_long,
                 std::string_view& line);

  ReadLimits limits_;
  Request request_;
  Part part_ = Part::kHead;
  size_t at_ = 0;       // how far the bytes are understood
  size_t looked_ = 0;   // how far they were searched for the end of the head
  size_t left_ = 0;     // of the body or of the chunk
  size_t trailer_ = 0;  // bytes of the trailer section so far
  int minor_version_ = 1;
  bool keep_alive_ = true;
  bool awaits_continue_ = false;
  RequestParseError error_ = RequestParseError::kMalformed;
};

}  // namespace emulator::http::server
