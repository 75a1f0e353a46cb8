// Malformed requests, each with the section of the standard that forbids it. Threads: constants.
#pragma once

#include <string>
#include <vector>

#include "http/server/request_parser.h"

namespace emulator {

struct HostileRequest {
  const char* name;
  const char* section;  // of RFC 9112, unless another RFC is named
  std::string bytes;
  http::server::RequestParseError defect = http::server::RequestParseError::kMalformed;
};

inline const std::string kNul(1, '\0');

// A request with these header lines, followed by a request that must never be answered.
inline std::string With(const std::string& lines, const std::string& rest = "") {
  return "POST / HTTP/1.1\r\nHost: a\r\n" + lines + "\r\n" + rest +
         "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";
}
inline std::string Line(const std::string& line) {
  return line + "\r\nHost: a\r\n\r\n";
}
inline std::string Chunks(const std::string& chunks) {
  return With("Transfer-Encoding: chunked\r\n", chunks);
}

inline const std::vector<HostileRequest> kHostileRequests{
    // The request line
    {"no request line", "3", "\r\n\r\n\r\n"},
    {"only a method", "3", Line("GET")},
    {"no version", "3", Line("GET /")},
    {"HTTP/0.9", "3", Line("GET / HTTP/0.9"),
     http::server::RequestParseError::kHttpVersionUnsupported},
    {"HTTP/2.0", "2.3", Line("GET / HTTP/2.0"),
     http::server::RequestParseError::kHttpVersionUnsupported},
    {"the HTTP/2 preface", "9113 3.4", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
     http::server::RequestParseError::kHttpVersionUnsupported},
    {"a version in lower case", "2.3", Line("GET / http/1.1")},
    {"a version of three digits", "2.3", Line("GET / HTTP/1.10")},
    {"a version without minor", "2.3", Line("GET / HTTP/1")},
    {"a version with a comma", "2.3", Line("GET / HTTP/1,1")},
    {"two spaces before the target", "3", Line("GET  / HTTP/1.1")},
    {"two spaces before the version", "3", Line("GET /  HTTP/1.1")},
    {"a space in the target", "3.2", Line("GET /a b HTTP/1.1")},
    {"a space at the end of the line", "3", Line("GET / HTTP/1.1 ")},
    {"a space before the method", "3", Line(" GET / HTTP/1.1")},
    {"a tab in place of a space", "3", Line("GET\t/ HTTP/1.1")},
    {"a method that is not a token", "3.1", Line("G(T / HTTP/1.1")},
    {"an empty method", "3.1", Line(" / HTTP/1.1")},
    {"a NUL in the method", "3.1", Line("GE" + kNul + "T / HTTP/1.1")},
    {"a NUL in the target", "3.2", Line("GET /a" + kNul + " HTTP/1.1")},
    {"a control character in the target", "3.2", Line("GET /a\x01 HTTP/1.1")},
    {"a byte over 127 in the target", "3.2", Line("GET /\xc3\xbc HTTP/1.1")},
    {"a fragment in the target", "3.2", Line("GET /a#b HTTP/1.1")},
    {"the absolute form", "3.2.2", Line("GET http://a/ HTTP/1.1")},
    {"the authority form", "3.2.3", Line("CONNECT a:80 HTTP/1.1")},
    {"the asterisk form without OPTIONS", "3.2.4", Line("GET * HTTP/1.1")},
    {"a target without a slash", "3.2.1", Line("GET a HTTP/1.1")},
    {"a TLS hello", "3", std::string("\x16\x03\x01\x02") + kNul + "\n"},
    // Line ends
    {"a bare LF after the request line", "2.2", "GET / HTTP/1.1\nHost: a\r\n\r\n"},
    {"a bare LF after a field", "2.2", "GET / HTTP/1.1\r\nHost: a\n\r\n"},
    {"a bare LF at the end of the head", "2.2", "GET / HTTP/1.1\r\nHost: a\r\n\n"},
    {"only bare LF", "2.2", "GET / HTTP/1.1\nHost: a\n\n"},
    {"a bare LF after another version", "2.2", "GET / HTTP/2.0\r\nX\n\r\n\r\n"},
    {"a bare CR in the request line", "2.2", Line("GET /\r HTTP/1.1")},
    {"a bare CR in a value", "2.2", With("X: a\rb\r\n")},
    {"a CR before the line end", "2.2", With("X: a\r\r\n")},
    // Fields
    {"a space before the colon", "5.1", With("X : a\r\n")},
    {"a tab before the colon", "5.1", With("X\t: a\r\n")},
    {"Content-Length with a space before the colon", "5.1", With("Content-Length : 5\r\n")},
    {"a folded line", "5.2", With("X: a\r\n b\r\n")},
    {"a line folded by a tab", "5.2", With("X: a\r\n\tb\r\n")},
    {"a folded first field", "2.2", "GET / HTTP/1.1\r\n Host: a\r\n\r\n"},
    {"a line without a colon", "5", With("X\r\n")},
    {"an empty name", "5", With(": a\r\n")},
    {"a name that is not a token", "9110 5.1", With("X(y): a\r\n")},
    {"a NUL in a name", "9110 5.1", With("X" + kNul + ": a\r\n")},
    {"a NUL in a value", "9110 5.5", With("X: a" + kNul + "b\r\n")},
    {"a control character in a value", "9110 5.5", With("X: a\x07\r\n")},
    {"a DEL in a value", "9110 5.5", With("X: a\x7f\r\n")},
    // Host
    {"no Host", "3.2", "GET / HTTP/1.1\r\n\r\n"},
    {"two Hosts", "3.2", With("Host: b\r\n")},
    {"the same Host twice", "3.2", With("Host: a\r\n")},
    {"two Hosts in one field", "3.2", "GET / HTTP/1.1\r\nHost: a, b\r\n\r\n"},
    {"a Host with a path", "3.2", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"},
    {"a Host with a user", "3.2", "GET / HTTP/1.1\r\nHost: u@a\r\n\r\n"},
    {"a Host with a space", "3.2", "GET / HTTP/1.1\r\nHost: a b\r\n\r\n"},
    // Framing
    {"two different lengths", "6.3", With("Content-Length: 1\r\nContent-Length: 2\r\n")},
    {"the same length twice", "6.3", With("Content-Length: 1\r\nContent-Length: 1\r\n")},
    {"a list of lengths", "6.3", With("Content-Length: 1, 1\r\n")},
    {"an empty length", "6.2", With("Content-Length:\r\n")},
    {"a negative length", "6.2", With("Content-Length: -1\r\n")},
    {"a length with a plus", "6.2", With("Content-Length: +1\r\n")},
    {"a hexadecimal length", "6.2", With("Content-Length: 0x1\r\n")},
    {"a length with a unit", "6.2", With("Content-Length: 1b\r\n")},
    {"a length with a fraction", "6.2", With("Content-Length: 1.0\r\n")},
    {"a length beyond 64 bits", "6.2", With("Content-Length: 99999999999999999999\r\n"),
     http::server::RequestParseError::kPayloadTooLarge},
    {"a length beyond the limit", "9110 15.5.14", With("Content-Length: 1048577\r\n"),
     http::server::RequestParseError::kPayloadTooLarge},
    {"a length and chunks", "6.1",
     With("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n")},
    {"chunks and a length", "6.1",
     With("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", "0\r\n\r\n")},
    {"two Transfer-Encodings", "6.1",
     With("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n")},
    {"an unknown coding before chunked", "6.1", With("Transfer-Encoding: gzip, chunked\r\n"),
     http::server::RequestParseError::kTransferCodingUnknown},
    {"a coding after chunked", "6.3", With("Transfer-Encoding: chunked, gzip\r\n")},
    {"chunked twice", "6.1", With("Transfer-Encoding: chunked, chunked\r\n")},
    {"a coding without chunked", "6.3", With("Transfer-Encoding: gzip\r\n")},
    {"a coding that hides chunked", "6.3", With("Transfer-Encoding: xchunked\r\n")},
    {"a coding with a parameter", "6.3", With("Transfer-Encoding: chunked;q=1\r\n")},
    {"an empty Transfer-Encoding", "6.3", With("Transfer-Encoding:\r\n")},
    {"identity as a transfer coding", "6.1", With("Transfer-Encoding: identity\r\n")},
    {"chunks in HTTP/1.0", "6.1", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
    {"a compressed body", "9110 8.4",
     With("Content-Encoding: gzip\r\nContent-Length: 3\r\n", "abc"),
     http::server::RequestParseError::kUnsupportedMediaType},
    // Chunks
    {"a chunk size that is not a number", "7.1", Chunks("x\r\n")},
    {"an empty chunk size", "7.1", Chunks("\r\n")},
    {"a negative chunk size", "7.1", Chunks("-1\r\n")},
    {"a chunk size with 0x", "7.1", Chunks("0x1\r\na\r\n")},
    {"a chunk size beyond 64 bits", "7.1", Chunks("11111111111111111\r\n"),
     http::server::RequestParseError::kPayloadTooLarge},
    {"a chunk beyond the limit", "7.1", Chunks("100001\r\n"),
     http::server::RequestParseError::kPayloadTooLarge},
    {"a space before a chunk size", "7.1", Chunks(" 1\r\na\r\n")},
    {"a space after a chunk size", "7.1", Chunks("1 \r\na\r\n")},
    {"a chunk size with a bare LF", "7.1", Chunks("1\na\r\n")},
    {"a chunk longer than its size", "7.1", Chunks("1\r\nab\r\n")},
    {"a chunk that ends in a bare LF", "7.1", Chunks("1\r\na\n0\r\n\r\n")},
    {"a control character in an extension", "7.1.1", Chunks("1;a=\x01\r\na\r\n")},
    {"an endless extension", "7.1.1", Chunks("1;" + std::string(300, 'x') + "\r\na\r\n")},
    {"a trailer that is not a field", "7.1.2", Chunks("0\r\nnonsense\r\n\r\n")},
    {"a folded trailer", "7.1.2", Chunks("0\r\nX: a\r\n b\r\n\r\n")},
    {"an endless trailer", "7.1.2", Chunks("0\r\nX: " + std::string(40'000, 'x') + "\r\n\r\n"),
     http::server::RequestParseError::kHeaderFieldsTooLarge},
    // Sizes
    {"an endless request line", "3", "GET /" + std::string(10'000, 'x'),
     http::server::RequestParseError::kUriTooLong},
    {"an endless method", "3", std::string(10'000, 'x'),
     http::server::RequestParseError::kUriTooLong},
    {"an endless field", "5.4 of 9110", "GET / HTTP/1.1\r\nX: " + std::string(40'000, 'x'),
     http::server::RequestParseError::kHeaderFieldsTooLarge},
};

}  // namespace emulator
