// Every way in which bytes can fail to be plainly one request, with the section that says so, and
// the ways in which they are one. The same rows go over a real socket in http_server_test.cc.
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

// Reads bytes that come `step` at a time.
State ReadBy(RequestParser& reader, const std::string& bytes, size_t step) {
  State state = State::kNeedMore;
  for (size_t end = step; state == State::kNeedMore && end < bytes.size() + step; end += step)
    state = reader.Parse(std::string_view(bytes).substr(0, end));
  return state;
}

Request Parse(const std::string& bytes) {
  RequestParser reader{ReadLimits{}};
  REQUIRE(reader.Parse(bytes) == State::kComplete);
  CHECK(reader.consumed() == bytes.size());
  return reader.request();
}

}  // namespace

TEST_CASE("what is not plainly one request is refused, however the bytes arrive") {
  for (const HostileRequest& row : kHostileRequests)
    for (const size_t step : {size_t{1}, size_t{7}, size_t{100'000}}) {
      INFO(row.name << " (" << row.section << "), " << step << " bytes at a time");
      RequestParser reader{ReadLimits{}};
      REQUIRE(ReadBy(reader, row.bytes, step) == State::kRefused);
      CHECK(reader.error() == row.defect);
    }
}

TEST_CASE("a plain request is read, however its bytes arrive") {
  const std::string bytes =
      "GET /a%20b?c=d HTTP/1.1\r\nHost: localhost:80\r\nAuthorization:  Bearer a%20b "
      "\t\r\nX:\r\n\r\n";
  for (const size_t step : {size_t{1}, size_t{3}, bytes.size()}) {
    RequestParser reader{ReadLimits{}};
    REQUIRE(ReadBy(reader, bytes, step) == State::kComplete);
    CHECK(reader.request().method == "GET");
    CHECK(reader.request().target == "/a%20b?c=d");
    CHECK(*reader.request().headers.Find("authorization") == "Bearer a%20b");
    CHECK(reader.request().headers.Find("X")->empty());
    CHECK(reader.keep_alive());
    CHECK(reader.consumed() == bytes.size());
  }
}

TEST_CASE("unknown methods are requests, too: the routes say what becomes of them") {
  CHECK(Parse("BREW / HTTP/1.1\r\nHost: a\r\n\r\n").method == "BREW");
  CHECK(Parse("get / HTTP/1.1\r\nHost: a\r\n\r\n").method == "get");
  CHECK(Parse("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n").target == "*");
}

TEST_CASE("a body of a length is read, also of a GET") {
  const std::string bytes = "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello";
  for (const size_t step : {size_t{1}, size_t{4}, bytes.size()}) {
    RequestParser reader{ReadLimits{}};
    REQUIRE(ReadBy(reader, bytes, step) == State::kComplete);
    CHECK(reader.request().body == "hello");
  }
  CHECK(Parse("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n").body.empty());
  CHECK(Parse("POST / HTTP/1.1\r\nHost: a\r\n\r\n").body.empty());
}

TEST_CASE("chunks are joined, extensions and trailers read over") {
  const std::string bytes =
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n"
      "5;a=b\r\nhello\r\n001\r\n \r\n5 ; x\r\nworld\r\n0\r\nX-Trailer: 1\r\n\r\n";
  for (const size_t step : {size_t{1}, size_t{2}, size_t{5}, bytes.size()}) {
    RequestParser reader{ReadLimits{}};
    REQUIRE(ReadBy(reader, bytes, step) == State::kComplete);
    CHECK(reader.request().body == "hello world");
    CHECK(reader.consumed() == bytes.size());
    CHECK(reader.request().headers.Find("X-Trailer") == nullptr);
  }
}

TEST_CASE("what follows a request is left for the next") {
  const std::string one = "GET /1 HTTP/1.1\r\nHost: a\r\n\r\n";
  const std::string both = one + "GET /2 HTTP/1.1\r\nHost: a\r\n\r\n";
  RequestParser reader{ReadLimits{}};
  REQUIRE(reader.Parse(both) == State::kComplete);
  CHECK(reader.request().target == "/1");
  CHECK(reader.consumed() == one.size());
  reader.Reset();
  REQUIRE(reader.Parse(std::string_view(both).substr(one.size())) == State::kComplete);
  CHECK(reader.request().target == "/2");
}

TEST_CASE("one empty line before a request is skipped") {
  CHECK(Parse("\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n").method == "GET");
}

TEST_CASE("who keeps the connection") {
  const auto keeps = [](const std::string& version, const std::string& connection) {
    RequestParser reader{ReadLimits{}};
    reader.Parse("GET / HTTP/" + version + "\r\nHost: a\r\n" +
                 (connection.empty() ? "" : "Connection: " + connection + "\r\n") + "\r\n");
    return reader.keep_alive();
  };
  CHECK(keeps("1.1", ""));
  CHECK(keeps("1.1", "keep-alive"));
  CHECK_FALSE(keeps("1.1", "close"));
  CHECK_FALSE(keeps("1.1", "foo, Close"));
  CHECK_FALSE(keeps("1.0", ""));
  CHECK(keeps("1.0", "Keep-Alive"));
}

TEST_CASE("who waits for 100 Continue") {
  RequestParser reader{ReadLimits{}};
  const std::string head =
      "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n";
  CHECK(reader.Parse(head.substr(0, 20)) == State::kNeedMore);
  CHECK_FALSE(reader.awaits_continue());
  CHECK(reader.Parse(head) == State::kNeedMore);
  CHECK(reader.awaits_continue());
  reader.MarkContinued();
  CHECK_FALSE(reader.awaits_continue());
  CHECK(reader.Parse(head + "ok") == State::kComplete);
}

// The fuzzer found answers that depended on the packets in which a request came.
TEST_CASE("what is said of bytes near a limit, or with two faults, depends on no cut") {
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
      RequestParser reader{limits};
      REQUIRE(ReadBy(reader, bytes, step) == state);
      if (state == State::kRefused) REQUIRE(reader.error() == whole.error());
    }
  }
}

TEST_CASE("limits are exact") {
  const auto read = [](const ReadLimits& limits, const std::string& bytes) {
    RequestParser reader{limits};
    const State state = reader.Parse(bytes);
    return state == State::kComplete   ? "read"
           : state == State::kNeedMore ? "more"
                                       : std::string(api::ReasonFor(reader.error()).code);
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
