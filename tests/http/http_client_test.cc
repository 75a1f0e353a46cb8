#include "http/http_client.h"

#include "support/test_server.h"

using namespace emulator;
using namespace emulator::http;
using namespace std::chrono_literals;

namespace {

constexpr auto kClientGuard = 10s;

// A port on which nothing listens.
int ClosedPort() {
  return http::server::Listener("127.0.0.1", 0).port();
}

std::string UrlTo(int port) {
  return "http://127.0.0.1:" + std::to_string(port);
}

}  // namespace

TEST_CASE("Send returns the status and the body of a GET") {
  const TestServer test;
  const auto sent =
      Send(UrlTo(test.listener.port()), {.method = "GET", .target = "/a?b=c"}, kClientGuard);
  REQUIRE(sent.response.has_value());
  CHECK(sent.response->status == 200);
  CHECK(sent.response->body == "GET /a?b=c ");
  CHECK_FALSE(sent.is_untrusted);
}

TEST_CASE("Send posts a body with its headers, to a URL with a path") {
  const TestServer test({}, [](const Request& request) {
    const std::string* type = request.headers.Find("Content-Type");
    const std::string* token = request.headers.Find("X-Token");
    return Response{.status = 201,
                    .body = request.method + " " + request.target + " " + request.body + " " +
                            (type ? *type : "") + " " + (token ? *token : "")};
  });
  for (const char* path : {"/base", "/base/"}) {
    const auto sent = Send(UrlTo(test.listener.port()) + path,
                           {.method = "POST",
                            .target = "/a",
                            .headers = {{"Content-Type", "application/json"}, {"X-Token", "t"}},
                            .body = "{}"},
                           kClientGuard);
    REQUIRE(sent.response.has_value());
    CHECK(sent.response->status == 201);
    CHECK(sent.response->body == "POST /base/a {} application/json t");
  }
}

TEST_CASE("Send returns no response without a server, or for another scheme") {
  const auto sent = Send(UrlTo(ClosedPort()), {.method = "GET", .target = "/"}, kClientGuard);
  CHECK_FALSE(sent.response.has_value());
  CHECK_FALSE(sent.is_untrusted);
  CHECK_FALSE(
      Send("ftp://127.0.0.1", {.method = "GET", .target = "/"}, kClientGuard).response.has_value());
}

TEST_CASE("AnswersOk is true for 200 only") {
  const TestServer test({}, [](const Request& request) {
    return Response{.status = request.target == "/ok" ? 200 : 204};
  });
  CHECK(AnswersOk("127.0.0.1", test.listener.port(), "/ok", kClientGuard));
  CHECK_FALSE(AnswersOk("127.0.0.1", test.listener.port(), "/other", kClientGuard));
  CHECK_FALSE(AnswersOk("127.0.0.1", ClosedPort(), "/ok", kClientGuard));
}
