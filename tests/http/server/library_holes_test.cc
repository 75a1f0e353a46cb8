// The vulnerabilities of a server by cpp-httplib as packaged in Debian 12: this server has none of
// them. Over real sockets.
#include <pthread.h>
#include <sys/resource.h>

#include <functional>
#include <stdexcept>
#include <string>

#include "http/server/http_server.h"
#include "support/test_server.h"
#include "support/wire.h"

using namespace emulator;
using namespace emulator::http;
using namespace emulator::http::server;

namespace {

constexpr size_t kFlood = 64 << 20;       // bytes that a client tries to send
constexpr long kMaxMemory = 24 << 10;     // KiB that this may use, including the client's
const std::string kPiece(64 << 10, 'x');  // per send

// The peak memory of this process, in KiB.
long Peak() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

// Sends `start`, then `piece` repeatedly until the flood or the connection ends. Returns the status
// of the response.
int Flood(const std::string& start, const std::string& piece, HttpServer::Handler answer) {
  const TestServer test({}, std::move(answer));
  const long before = Peak();
  Wire wire = test.Connect();
  wire.Send(start);
  for (size_t sent = 0; sent < kFlood; sent += piece.size()) wire.Send(piece);
  const int status = StatusOf(wire.ReadAll());
  CHECK(Peak() - before < kMaxMemory);
  return status;
}

Response MustNotBeAsked(const Request&) {
  FAIL_CHECK("no request should have come of this");
  return {};
}

// Gives new threads stacks so small that a recursion per byte overflows them.
class SmallStacks {
 public:
  SmallStacks() {
    pthread_attr_t small;
    pthread_getattr_default_np(&before_);
    pthread_attr_init(&small);
    pthread_attr_setstacksize(&small, 512 << 10);
    pthread_setattr_default_np(&small);
    pthread_attr_destroy(&small);
  }
  ~SmallStacks() {
    pthread_setattr_default_np(&before_);
    pthread_attr_destroy(&before_);
  }
  SmallStacks(const SmallStacks&) = delete;
  SmallStacks& operator=(const SmallStacks&) = delete;

 private:
  pthread_attr_t before_;
};

}  // namespace

TEST_CASE("CVE-2025-53628: an endless request line is refused and not stored") {
  CHECK(Flood("GET /", kPiece, MustNotBeAsked) == 414);
  CHECK(Flood("", kPiece, MustNotBeAsked) == 414);
}

TEST_CASE("CVE-2025-53628: an endless header line is refused and not stored") {
  CHECK(Flood("GET / HTTP/1.1\r\nHost: a\r\nX: ", kPiece, MustNotBeAsked) == 431);
}

TEST_CASE("CVE-2025-52887: endless headers are refused and not stored") {
  std::string fields;
  while (fields.size() < kPiece.size()) fields += "X: y\r\n";
  CHECK(Flood("GET / HTTP/1.1\r\nHost: a\r\n", fields, MustNotBeAsked) == 431);
  std::string some = "GET / HTTP/1.1\r\nHost: a\r\n";
  for (int i = 0; i < 100; ++i) some += "X: y\r\n";
  const TestServer test({}, MustNotBeAsked);
  CHECK(StatusOf(test.Connect().Send(some + "\r\n").ReadAll()) == 431);
}

TEST_CASE("CVE-2025-46728, CVE-2025-53629: endless chunks are refused and not stored") {
  const std::string start = Ask("/", "Transfer-Encoding: chunked\r\n", "POST");
  CHECK(Flood(start, "10000\r\n" + kPiece + "\r\n", MustNotBeAsked) == 413);
  CHECK(Flood(start + "fffffff0\r\n", kPiece, MustNotBeAsked) == 413);
  CHECK(Flood(start + "fffffffffffffffff\r\n", kPiece, MustNotBeAsked) == 413);
  std::string tiny;
  while (tiny.size() < kPiece.size()) tiny += "1\r\nx\r\n";
  CHECK(Flood(start, tiny, MustNotBeAsked) == 413);
  CHECK(Flood(start + "1;", kPiece, MustNotBeAsked) == 400);
  std::string trailer;
  while (trailer.size() < kPiece.size()) trailer += "X: y\r\n";
  CHECK(Flood(start + "0\r\n", trailer, MustNotBeAsked) == 431);
}

TEST_CASE("CVE-2025-66570: REMOTE_ADDR and similar names are ordinary headers") {
  for (const std::string name : {"REMOTE_ADDR", "REMOTE_PORT", "LOCAL_ADDR", "LOCAL_PORT"}) {
    INFO(name);
    const TestServer test({}, [&](const Request& request) {
      const std::string* value = request.headers.Find(name);
      return Response{.body = std::to_string(request.headers.Count(name)) +
                              (value ? " " + *value : std::string())};
    });
    CHECK(BodyOf(test.Connect().Send(Ask("/")).ReadAnswer()) == "0");
    CHECK(BodyOf(test.Connect().Send(Ask("/", name + ": 8.8.8.8\r\n")).ReadAnswer()) ==
          "1 8.8.8.8");
  }
}

TEST_CASE("CVE-2026-22776, CVE-2026-28435: a compressed body is refused and not decompressed") {
  for (const char* coding : {"gzip", "deflate", "br", "identity, gzip", "GZIP"}) {
    INFO(coding);
    const std::string lines = "Content-Encoding: " + std::string(coding) + "\r\n";
    CHECK(Flood(Ask("/", lines + "Content-Length: 1000000\r\n", "POST"), kPiece, MustNotBeAsked) ==
          415);
    CHECK(Flood(Ask("/", lines + "Transfer-Encoding: chunked\r\n", "POST"), kPiece,
                MustNotBeAsked) == 415);
  }
}

TEST_CASE("CVE-2026-28434: the text of an exception does not reach a client") {
  const TestServer test({}, [](const Request& request) -> Response {
    if (request.target == "/odd") throw 42;
    throw std::runtime_error("the-secret");
  });
  Wire wire = test.Connect();
  for (const char* target : {"/", "/odd", "/"}) {
    const std::string answer = wire.Send(Ask(target)).ReadAnswer();
    INFO(answer);
    CHECK(StatusOf(answer) == 500);
    CHECK(answer.find("EXCEPTION") == std::string::npos);
    CHECK(answer.find("the-secret") == std::string::npos);
  }
}

TEST_CASE("CVE-2026-29076: no regular expression runs over a multipart body") {
  const SmallStacks small;
  const TestServer test;
  const std::string body = "--b\r\nContent-Disposition: form-data; name=\"f\"; filename*=UTF-8''" +
                           std::string(200'000, 'a') + "\r\n\r\nx\r\n--b--\r\n";
  CHECK(BodyOf(test.Connect()
                   .Send(Ask("/",
                             "Content-Type: multipart/form-data; boundary=b\r\nContent-Length: " +
                                 std::to_string(body.size()) + "\r\n",
                             "POST"))
                   .Send(body)
                   .ReadAnswer()) == "POST / " + body);
}

TEST_CASE("without a CVE, fixed in 0.53.1: no regular expression runs over a path") {
  const SmallStacks small;
  const TestServer test;
  const std::string target = "/" + std::string(8000, 'a');
  CHECK(BodyOf(test.Connect().Send(Ask(target)).ReadAnswer()) == "GET " + target + " ");
}

TEST_CASE("CVE-2026-34441: the body of a GET is read and never taken for the next request") {
  const TestServer test;
  const std::string hidden = Ask("/hidden");
  Wire wire = test.Connect();
  wire.Send(Ask("/", "Content-Length: " + std::to_string(hidden.size()) + "\r\n"));
  wire.Send(hidden);
  CHECK(BodyOf(wire.ReadAnswer()) == "GET / " + hidden);
  CHECK(BodyOf(wire.Send(Ask("/next")).ReadAnswer()) == "GET /next ");
}

TEST_CASE("CVE-2026-34441: the rest of a refused body is not taken for the next request") {
  const TestServer test({}, MustNotBeAsked);
  const std::string answers = test.Connect()
                                  .Send(Ask("/", "Content-Length: 9999999\r\n", "POST"))
                                  .Send(Ask("/hidden"))
                                  .ReadAll();
  CHECK(StatusOf(answers) == 413);
  CHECK(answers.find("HTTP/1.1", 1) == std::string::npos);
}

TEST_CASE("CVE-2026-45372: header values are not percent-decoded") {
  const TestServer test({}, [](const Request& request) {
    return Response{.body = *request.headers.Find("authorization")};
  });
  const std::string token = "Bearer a%20b%0d%0aX: y%00%u0041%zz%";
  CHECK(BodyOf(test.Connect().Send(Ask("/", "Authorization: " + token + "\r\n")).ReadAnswer()) ==
        token);
}

TEST_CASE(
    "CVE-2020-11709, CVE-2023-26130, CVE-2025-0825, CVE-2026-21428: what a client sends ends no "
    "line of its answer") {
  const TestServer test({}, [](const Request& request) {
    return Response{.headers = {{"Content-Type", *request.headers.Find("X-In")},
                                {"X-Out", *request.headers.Find("X-In")}}};
  });
  const auto with = [](const std::string& value) { return Ask("/", "X-In: " + value + "\r\n"); };
  for (const std::string value :
       {"a%0d%0aSet-Cookie: b", "a\\r\\nSet-Cookie: b", "a%00%0aSet: b"}) {
    const std::string answer = test.Connect().Send(with(value)).ReadAnswer();
    CHECK(answer.find("\r\nX-Out: " + value + "\r\n") != std::string::npos);
    CHECK(answer.find("\r\nSet") == std::string::npos);
  }
  using namespace std::string_literals;
  for (const std::string& value : {"a\rSet: b"s, "a\nSet: b"s, "a\r\n Set: b"s, "a\0\r\nSet: b"s})
    CHECK(StatusOf(test.Connect().Send(with(value)).ReadAll()) == 400);
}
