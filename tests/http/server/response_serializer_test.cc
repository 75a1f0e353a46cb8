#include "http/server/response_serializer.h"

#include <doctest/doctest.h>

#include <atomic>
#include <thread>

using namespace emulator;
using namespace emulator::http;
using namespace emulator::http::server;

namespace {

Response Hello() {
  return {.headers = {{"Content-Type", "text/plain"}, {"X-A", "1"}, {"X-A", "2"}}, .body = "hello"};
}

bool Contains(const std::string& bytes, const char* text) {
  return bytes.find(text) != std::string::npos;
}

}  // namespace

TEST_CASE("a response is a status line, its headers, its length and its body") {
  ResponseSerializer serializer;
  const std::string bytes = serializer.Serialize(Hello(), {});
  CHECK(bytes.starts_with("HTTP/1.1 200 OK\r\n"));
  CHECK(Contains(bytes, "Content-Type: text/plain\r\n"));
  CHECK(Contains(bytes, "X-A: 1\r\n"));
  CHECK(Contains(bytes, "X-A: 2\r\n"));
  CHECK(Contains(bytes, "Content-Length: 5\r\n"));
  CHECK(bytes.ends_with("\r\n\r\nhello"));
  for (const char* header : {"Connection:", "Keep-Alive:", "Accept-Ranges:"})
    CHECK_FALSE(Contains(bytes, header));
}

TEST_CASE("HEAD keeps the length and omits the body") {
  ResponseSerializer serializer;
  const std::string bytes = serializer.Serialize(Hello(), {.head = true});
  CHECK(Contains(bytes, "Content-Length: 5\r\n"));
  CHECK(bytes.ends_with("\r\n\r\n"));
  CHECK_FALSE(Contains(bytes, "Accept-Ranges:"));
}

TEST_CASE("the Connection header says whether the connection stays open") {
  ResponseSerializer serializer;
  CHECK(Contains(serializer.Serialize(Hello(), {.close = true}), "Connection: close\r\n"));
  CHECK(Contains(serializer.Serialize(Hello(), {.close = true, .http10 = true}),
                 "Connection: close\r\n"));
  CHECK(Contains(serializer.Serialize(Hello(), {.http10 = true}), "Connection: keep-alive\r\n"));
}

TEST_CASE("a streamed response and a 204 have no length") {
  ResponseSerializer serializer;
  const std::string stream = serializer.Serialize(Hello(), {.streaming = true});
  CHECK_FALSE(Contains(stream, "Content-Length"));
  CHECK(Contains(stream, "Connection: close\r\n"));
  CHECK(stream.ends_with("\r\n\r\nhello"));
  const std::string empty = serializer.Serialize({.status = 204}, {});
  CHECK(empty.starts_with("HTTP/1.1 204 No Content\r\n"));
  CHECK_FALSE(Contains(empty, "Content-Length"));
}

TEST_CASE("an error keeps the connection open, and its body unchanged") {
  ResponseSerializer serializer;
  const std::string bytes = serializer.Serialize(
      {.status = 404, .headers = {{"Content-Type", "application/json"}}, .body = "{}"}, {});
  CHECK(bytes.starts_with("HTTP/1.1 404 Not Found\r\n"));
  CHECK_FALSE(Contains(bytes, "Connection:"));
  CHECK(bytes.ends_with("\r\n\r\n{}"));
}

TEST_CASE("concurrency: threads share a serializer, and each gets its own response") {
  ResponseSerializer serializer;
  std::atomic<int> wrong{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&, t] {
      const std::string body(static_cast<size_t>(100 + t), static_cast<char>('a' + t));
      for (int i = 0; i < 200; ++i)
        if (!serializer.Serialize({.body = body}, {.head = i % 2 == 1})
                 .ends_with(i % 2 == 1 ? "\r\n\r\n" : "\r\n\r\n" + body))
          ++wrong;
    });
  for (std::thread& thread : threads) thread.join();
  CHECK(wrong == 0);
}
