#include "http/server/paced_response.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

using namespace emulator;
using namespace emulator::http;
using namespace emulator::http::server;
using namespace std::chrono_literals;
using End = PacedResponse::End;

namespace {

const RealTime kStart{1000h};
const std::string kHead = "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\nA: b\r\n\r\n";
const std::string kText = kHead + std::string(1000, 'x');

PacedResponse Paced(const Delivery& delivery, const std::string& text = kText) {
  return PacedResponse(text, delivery, End::kKeep, kStart);
}

// The due bytes, which then count as sent.
std::string TakeDue(PacedResponse& response, RealTime now) {
  const std::string due(response.Due(now));
  response.MarkSent(due.size());
  return due;
}

}  // namespace

TEST_CASE("a response with the default delivery is due at once") {
  PacedResponse response = Paced({});
  CHECK_FALSE(response.IsFinished(kStart));
  CHECK(response.Due(kStart) == kText);
  response.MarkSent(10);
  CHECK(response.Due(kStart) == kText.substr(10));
  response.MarkSent(kText.size() - 10);
  CHECK(response.IsFinished(kStart));
  CHECK(response.end() == End::kKeep);
  CHECK(PacedResponse().IsFinished(kStart));
}

TEST_CASE("nothing is due before the end of the delay, and everything after it") {
  PacedResponse response = Paced({.delay = 50ms});
  CHECK(response.Due(kStart + 50ms - 1ns).empty());
  CHECK_FALSE(response.IsFinished(kStart));
  CHECK(response.NextDue(kStart) == kStart + 50ms);
  CHECK(TakeDue(response, kStart + 50ms) == kText);
  CHECK(response.IsFinished(kStart + 50ms));
}

TEST_CASE("a throttled body is due evenly in small pieces after its head") {
  struct Row {
    std::chrono::milliseconds body_time;
    int body_bytes;
    int pieces;
  };
  for (const Row& row :
       {Row{1000ms, 1000, 10}, Row{10'000ms, 1000, 100}, Row{20ms, 1000, 10}, Row{1ms, 1000, 1},
        Row{3600'000ms, 7, 7}, Row{1000ms, 1, 1}, Row{999ms, 997, 10}}) {
    INFO(row.body_time.count() << " ms, " << row.body_bytes << " bytes");
    const std::string text = kHead + std::string(static_cast<size_t>(row.body_bytes), 'x');
    PacedResponse response = Paced({.delay = 5ms, .body_time = row.body_time}, text);
    RealTime now = kStart + 5ms;
    std::string received = TakeDue(response, now);
    CHECK(received == kHead);
    int count = 0;
    for (; !response.IsFinished(now); ++count) {
      const RealTime next = response.NextDue(now);
      REQUIRE(next > now);
      now = next;
      const std::string piece = TakeDue(response, now);
      CHECK(piece.size() >= static_cast<size_t>(row.body_bytes / row.pieces));
      received += piece;
      const auto passed = std::chrono::duration<double>(now - kStart - 5ms);
      CHECK(static_cast<double>(received.size() - kHead.size()) ==
            doctest::Approx(row.body_bytes * (passed / row.body_time)).epsilon(0.06));
    }
    CHECK(received == text);
    CHECK(count == row.pieces);
    CHECK(now == kStart + 5ms + row.body_time);
    CHECK(now == response.last_due());
  }
}

TEST_CASE("a late call gets everything due by then") {
  PacedResponse response = Paced({.body_time = 1000ms});
  CHECK(TakeDue(response, kStart + 550ms).size() == kHead.size() + 500);
  CHECK(TakeDue(response, kStart + 3000ms).size() == 500);
  CHECK(response.IsFinished(kStart + 3000ms));
}

TEST_CASE("a response without a body cannot be throttled") {
  PacedResponse response = Paced({.body_time = 1000ms}, kHead);
  CHECK(TakeDue(response, kStart) == kHead);
  CHECK(response.IsFinished(kStart));
}

TEST_CASE("extreme times are limited") {
  using Milliseconds = std::chrono::milliseconds;
  CHECK(Paced({.delay = -1ms, .body_time = Milliseconds::min()}).Due(kStart) == kText);
  PacedResponse late = Paced({.delay = Milliseconds::max(), .body_time = Milliseconds::max()});
  CHECK(late.NextDue(kStart) == kStart + 24h);
  CHECK(late.last_due() == kStart + 48h);
  CHECK(TakeDue(late, kStart + 36h).size() == kHead.size() + 500);
  CHECK(late.NextDue(kStart + 36h) > kStart + 36h);
}

TEST_CASE("a reset and an empty response send nothing, also after a delay") {
  for (const auto& [connection_fault, end] :
       {std::pair{ConnectionFault::kConnectionReset, End::kReset},
        {ConnectionFault::kEmptyResponse, End::kLingeringClose}}) {
    PacedResponse response =
        Paced({.delay = 5ms, .body_time = 9ms, .connection_fault = connection_fault});
    CHECK_FALSE(response.IsFinished(kStart));
    CHECK(response.NextDue(kStart) == kStart + 5ms);
    CHECK(response.Due(kStart + 5ms).empty());
    CHECK(response.IsFinished(kStart + 5ms));
    CHECK(response.end() == end);
  }
}

TEST_CASE("a malformed chunk follows the head of a chunked response") {
  const std::string_view head = "HTTP/1.1 200 OK\r\nA: b\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (const std::string& text : {kText, std::string("HTTP/1.1 200 OK\r\nA: b\r\n\r\n")}) {
    PacedResponse response =
        Paced({.connection_fault = ConnectionFault::kMalformedResponseChunk}, text);
    const std::string received = TakeDue(response, kStart);
    CHECK(received.substr(0, head.size()) == head);
    CHECK(received.size() > head.size());
    CHECK(std::none_of(received.begin() + static_cast<int>(head.size()), received.end(),
                       [](char c) { return static_cast<unsigned char>(c) < 0x80; }));
    CHECK(response.end() == End::kLingeringClose);
  }
}

TEST_CASE("random data is not HTTP and is the same each time") {
  PacedResponse response = Paced({.connection_fault = ConnectionFault::kRandomDataThenClose});
  const std::string received = TakeDue(response, kStart);
  CHECK(received.size() == 256);
  CHECK(static_cast<unsigned char>(received[0]) >= 0x80);
  CHECK(response.end() == End::kLingeringClose);
  PacedResponse again = Paced({.connection_fault = ConnectionFault::kRandomDataThenClose});
  CHECK(again.Due(kStart) == received);
}

TEST_CASE("after SkipDelays everything is due") {
  PacedResponse late = Paced({.delay = 1h, .body_time = 1h});
  late.SkipDelays(kStart);
  CHECK(TakeDue(late, kStart) == kText);
  CHECK(late.IsFinished(kStart));
  PacedResponse slow = Paced({.body_time = 1000ms});
  CHECK(TakeDue(slow, kStart + 300ms).size() == kHead.size() + 300);
  slow.SkipDelays(kStart + 300ms);
  CHECK(TakeDue(slow, kStart + 300ms).size() == 700);
  CHECK(slow.IsFinished(kStart + 300ms));
  CHECK(slow.last_due() == kStart);
}
