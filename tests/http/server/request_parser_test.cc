// All ways in which bytes are not clearly one request, with the section of the RFC, and the ways in
// which they are. http_server_test.cc sends the same rows over a real socket.
#include "http/server/request_parser.h"
#include "api/reasons.h"

#include "support/hostile_requests.h"
#include "support/world.h"

using namespace emulator;
using namespace emulator::http;
using namespace emulator::http::server;

namespace {

template <size_t kBytes>
size_t Bytes(const Request&) {
  return kBytes;
}

using State = RequestParser::State;

// Parses bytes that arrive `step` at a time.
State ReadBy(RequestParser& parser, const std::string& bytes, size_t step) {
  State state = State::kNeedMore;
  for (size_t end = step; state == State::kNeedMore && end < bytes.size() + step; end += step)
    state = parser.Parse(std::string_view(bytes).substr(0, end));
  return state;
}

Request Parse(const std::string& bytes) {
  RequestParser parser{ReadLimits{}};
  REQUIRE(parser.Parse(bytes) == State::kComplete);
  CHECK(parser.consumed() == bytes.size());
  return parser.request();
}

}  // namespace

TEST_CASE("bytes that are not clearly one request are refused, however they arrive") {
  for (const HostileRequest& row : kHostileRequests)
    for (const size_t step : {size_t{1}, size_t{7}, size_t{100'000}}) {
      INFO(row.name << " (" << row.section << "), " << step << " bytes at a time");
      RequestParser parser{ReadLimits{}};
      REQUIRE(ReadBy(parser, row.bytes, step) == State::kRefused);
      CHECK(parser.error() == row.defect);
    }
}

TEST_CASE("a valid request is parsed, however its bytes arrive") {
  const std::string bytes =
      "GET /a%20b?c=d HTTP/1.1\r\nHost: localhost:80\r\nAuthorization:  Bearer a%20b "
      "\t\r\nX:\r\n\r\n";
  for (const size_t step : {size_t{1}, size_t{3}, bytes.size()}) {
    RequestParser parser{ReadLimits{}};
    REQUIRE(ReadBy(parser, bytes, step) == State::kComplete);
    CHECK(parser.request().method == "GET");
    CHECK(parser.request().target == "/a%20b?c=d");
    CHECK(*parser.request().headers.Find("authorization") == "Bearer a%20b");
    CHECK(parser.request().headers.Find("X")->empty());
    CHECK(parser.keep_alive());
    CHECK(parser.consumed() == bytes.size());
  }
}

TEST_CASE("unknown methods are valid requests: the router decides about them") {
  CHECK(Parse("BREW / HTTP/1.1\r\nHost: a\r\n\r\n").method == "BREW");
  CHECK(Parse("get / HTTP/1.1\r\nHost: a\r\n\r\n").method == "get");
  CHECK(Parse("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n").target == "*");
}

TEST_CASE("a body with a length is read, also of a GET") {
  const std::string bytes = "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello";
  for (const size_t step : {size_t{1}, size_t{4}, bytes.size()}) {
    RequestParser parser{ReadLimits{}};
    REQUIRE(ReadBy(parser, bytes, step) == State::kComplete);
    CHECK(parser.request().body == "hello");
  }
  CHECK(Parse("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n").body.empty());
  CHECK(Parse("POST / HTTP/1.1\r\nHost: a\r\n\r\n").body.empty());
}

TEST_CASE("chunks are joined, extensions and trailers ignored") {
  const std::string bytes =
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n"
      "5;a=b\r\nhello\r\n001\r\n \r\n5 ; x\r\nworld\r\n0\r\nX-Trailer: 1\r\n\r\n";
  for (const size_t step : {size_t{1}, size_t{2}, size_t{5}, bytes.size()}) {
    RequestParser parser{ReadLimits{}};
    REQUIRE(ReadBy(parser, bytes, step) == State::kComplete);
    CHECK(parser.request().body == "hello world");
    CHECK(parser.consumed() == bytes.size());
    CHECK(parser.request().headers.Find("X-Trailer") == nullptr);
  }
}

TEST_CASE("bytes after a request are left for the next one") {
  const std::string one = "GET /1 HTTP/1.1\r\nHost: a\r\n\r\n";
  const std::string both = one + "GET /2 HTTP/1.1\r\nHost: a\r\n\r\n";
  RequestParser parser{ReadLimits{}};
  REQUIRE(parser.Parse(both) == State::kComplete);
  CHECK(parser.request().target == "/1");
  CHECK(parser.consumed() == one.size());
  parser.Reset();
  REQUIRE(parser.Parse(std::string_view(both).substr(one.size())) == State::kComplete);
  CHECK(parser.request().target == "/2");
}

TEST_CASE("one empty line before a request is skipped") {
  CHECK(Parse("\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n").method == "GET");
}

TEST_CASE("keep_alive follows the version and the Connection header") {
  const auto keeps = [](const std::string& version, const std::string& connection) {
    RequestParser parser{ReadLimits{}};
    parser.Parse("GET / HTTP/" + version + "\r\nHost: a\r\n" +
                 (connection.empty() ? "" : "Connection: " + connection + "\r\n") + "\r\n");
    return parser.keep_alive();
  };
  CHECK(keeps("1.1", ""));
  CHECK(keeps("1.1", "keep-alive"));
  CHECK_FALSE(keeps("1.1", "close"));
  CHECK_FALSE(keeps("1.1", "foo, Close"));
  CHECK_FALSE(keeps("1.0", ""));
  CHECK(keeps("1.0", "Keep-Alive"));
}

TEST_CASE("awaits_continue follows the Expect header") {
  RequestParser parser{ReadLimits{}};
  const std::string head =
      "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n";
  CHECK(parser.Parse(head.substr(0, 20)) == State::kNeedMore);
  CHECK_FALSE(parser.awaits_continue());
  CHECK(parser.Parse(head) == State::kNeedMore);
  CHECK(parser.awaits_continue());
  parser.MarkContinued();
  CHECK_FALSE(parser.awaits_continue());
  CHECK(parser.Parse(head + "ok") == State::kComplete);
}

// The fuzzer found results that depended on how the bytes were split into packets.
TEST_CASE(
    "the result for bytes near a limit, or with two errors, does not depend on how they are "
    "split") {
  const ReadLimits limits{.request_line = 40, .header_block = 40};
  std::vector<std::string> requests = {"GET / HTTP/2.0\r\nX\n\r\n\r\n", "GET / HTTP/2.0\n\r\n\r\n"};
  for (size_t more = 0; more < 80; ++more) {
    const std::string text(more, 'x');
    requests.push_back("GET /" + text + " HTTP/1.1\r\nHost: a\r\n\r\n");
    requests.push_back("GET / HTTP/1.1\r\nHost: a\r\nX: " + text + "\r\n\r\n");
    requests.push_back("GET / HTTP/1.1\r\nHost: a\r\nX: " + text + "\n\r\n\r\n");
    requests.push_back("GET / HTTP/1.1\r\nHost: a\r\nX: " + text + "\r\nY\n\n\r\n\r\n");
  }
  for (const std::string& bytes : requests) {
    INFO(bytes);
    RequestParser whole{limits};
    const State state = whole.Parse(bytes);
    for (size_t step = 1; step < bytes.size(); ++step) {
      RequestParser parser{limits};
      REQUIRE(ReadBy(parser, bytes, step) == state);
      if (state == State::kRefused) REQUIRE(parser.error() == whole.error());
    }
  }
}

TEST_CASE("limits are exact") {
  const auto read = [](const ReadLimits& limits, const std::string& bytes) {
    RequestParser parser{limits};
    const State state = parser.Parse(bytes);
    return state == State::kComplete   ? "read"
           : state == State::kNeedMore ? "more"
                                       : std::string(api::ReasonFor(parser.error()).code);
  };
  const auto line = [](size_t bytes) {
    return "GET /" + std::string(bytes - 14, 'x') + " HTTP/1.1\r\nHost: a\r\n\r\n";
  };
  CHECK(read({.request_line = 100}, line(100)) == "read");
  CHECK(read({.request_line = 100}, line(101)) == "request-line-too-long");
  CHECK(read({.request_line = 100}, std::string(102, 'x')) == "request-line-too-long");

  const auto headers = [](size_t bytes) {
    return "GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(bytes - 14, 'x') + "\r\n\r\n";
  };
  CHECK(read({.header_block = 100}, headers(100)) == "read");
  CHECK(read({.header_block = 100}, headers(101)) == "headers-too-large");
  CHECK(read({.header_block = 100}, "GET / HTTP/1.1\r\nX: " + std::string(110, 'x')) ==
        "headers-too-large");
  CHECK(read({.header_fields = 2}, "GET / HTTP/1.1\r\nHost: a\r\nX: 1\r\n\r\n") == "read");
  CHECK(read({.header_fields = 2}, "GET / HTTP/1.1\r\nHost: a\r\nX: 1\r\nY: 2\r\n\r\n") ==
        "headers-too-large");

  const auto sized = [](size_t bytes) {
    return "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(bytes) + "\r\n\r\n" +
           std::string(bytes, 'x');
  };
  CHECK(read({.body = Bytes<100>}, sized(100)) == "read");
  CHECK(read({.body = Bytes<100>}, sized(101)) == "body-too-large");
  const std::string chunked = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
  CHECK(read({.body = Bytes<4>}, chunked + "2\r\nab\r\n2\r\ncd\r\n0\r\n\r\n") == "read");
  CHECK(read({.body = Bytes<4>}, chunked + "2\r\nab\r\n3\r\ncde\r\n0\r\n\r\n") == "body-too-large");
}
