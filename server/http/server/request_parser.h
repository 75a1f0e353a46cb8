// Parses one request at the beginning of a connection's bytes. Strict: it rejects everything that
// is not clearly one request, so that no byte can be taken for another request (RFC 9112
// sections 2.2 to 7.1, 9.3 and 11.2). Does no input or output.
//
// cpp-httplib's own parser is not used: version 0.11 has no limit on lines, headers and chunks,
// leaves the body of a GET to be parsed as the next request, accepts repeated and odd
// Content-Length, and percent-decodes header values (also in 0.18 and 0.41), which alters tokens.
//
// Threads: one at a time; a parser belongs to one connection.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "http/request.h"

namespace emulator::http::server {

// Why the bytes are not a request, or why the server cannot answer it. With the status.
enum class RequestParseError {
  kMalformed,               // 400
  kRequestTimeout,          // 408
  kPayloadTooLarge,         // 413
  kUriTooLong,              // 414
  kUnsupportedMediaType,    // 415: a compressed body
  kHeaderFieldsTooLarge,    // 431
  kTransferCodingUnknown,   // 501
  kHttpVersionUnsupported,  // 505
  kTlsMissing,              // 400: plain HTTP on a TLS port
  kTlsHandshakeFailed,      // 400, only for the log: the client cannot receive it
  kTooManyConnections,      // 503
  kServerStopping,          // 503: the response was still pending
};

struct ReadLimits {
  size_t request_line = 8 * 1024;   // bytes
  size_t header_block = 32 * 1024;  // bytes of all header lines together
  size_t header_fields = 100;
  // The most bytes of the decoded body, given the head.
  size_t (*body)(const Request& head) = [](const Request&) -> size_t { return 1 << 20; };
};

class RequestParser {
 public:
  explicit RequestParser(const ReadLimits& limits) : limits_(limits) {}

  enum class State { kNeedMore, kComplete, kRefused };

  // `bytes`: all bytes since the last Reset(); each call passes the previous bytes and more.
  State Parse(std::string_view bytes);

  // After kComplete:
  Request& request() { return request_; }
  size_t consumed() const { return at_; }          // bytes of this request
  bool keep_alive() const { return keep_alive_; }  // the client allows another request
  bool is_http10() const { return minor_version_ == 0; }

  // After kRefused:
  RequestParseError error() const { return error_; }

  // True while the client waits for "100 Continue" before it sends the body.
  bool awaits_continue() const { return awaits_continue_ && part_ != Part::kHead; }
  void MarkContinued() { awaits_continue_ = false; }

  // True if no byte of a request has arrived.
  bool is_idle(std::string_view bytes) const { return part_ == Part::kHead && bytes.empty(); }

  // Prepares for the next request.
  void Reset() { *this = RequestParser(limits_); }

 private:
  enum class Part { kHead, kSizedBody, kChunkSize, kChunkData, kTrailer, kDone };

  State ReadHead(std::string_view bytes);
  State ReadSizedBody(std::string_view bytes);
  State ReadChunkSize(std::string_view bytes);
  State ReadChunkData(std::string_view bytes);
  State ReadTrailer(std::string_view bytes);
  State Refuse(RequestParseError error);

  bool ParseRequestLine(std::string_view line);  // false: refused with error_
  bool ValidateFraming();

  // kComplete and a line without its CRLF; kNeedMore; or kRefused, for a bare CR or LF or for a
  // line of more than `most` bytes.
  State ReadLine(std::string_view bytes, size_t most, RequestParseError too_long,
                 std::string_view& line);

  ReadLimits limits_;
  Request request_;
  Part part_ = Part::kHead;
  size_t at_ = 0;         // how far the bytes are parsed
  size_t searched_ = 0;   // how far they were searched for the end of the head
  size_t remaining_ = 0;  // bytes of the body or of the chunk
  size_t trailer_ = 0;    // bytes of the trailer section so far
  int minor_version_ = 1;
  bool keep_alive_ = true;
  bool awaits_continue_ = false;
  RequestParseError error_ = RequestParseError::kMalformed;
};

}  // namespace emulator::http::server
