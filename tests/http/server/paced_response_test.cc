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

PacedResponse Answer(const Delivery& delivery, const std::string& text = kText) {
  return PacedResponse(text, delivery, End::kKeep, kStart);
}

// What is due, and taken to be sent.
std::string Take(PacedResponse& answer, RealTime now) {
  const std::string due(answer.Due(now));
  answer.MarkSent(due.size());
  return due;
}

}  // namespace

TEST_CASE("an answer of which nothing is said is due at once") {
  PacedResponse answer = Answer({});
  CHECK_FALSE(answer.IsFinished(kStart));
  CHECK(answer.Due(kStart) == kText);
  answer.MarkSent(10);
  CHECK(answer.Due(kStart) == kText.substr(10));
  answer.MarkSent(kText.size() - 10);
  CHECK(answer.IsFinished(kStart));
  CHECK(answer.end() == End::kKeep);
  CHECK(PacedResponse().IsFinished(kStart));
}

TEST_CASE("nothing is due before the delay is over, all is after it") {
  PacedResponse answer = Answer({.delay = 50ms});
  CHECK(answer.Due(kStart + 50ms - 1ns).empty());
  CHECK_FALSE(answer.IsFinished(kStart));
  CHECK(answer.NextDue(kStart) == kStart + 50ms);
  CHECK(Take(answer, kStart + 50ms) == kText);
  CHECK(answer.IsFinished(kStart + 50ms));
}

TEST_CASE("a slow body comes evenly in small pieces behind its head, the last one in time") {
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
    PacedResponse answer = Answer({.delay = 5ms, .body_time = row.body_time}, text);
    RealTime now = kStart + 5ms;
    std::string got = Take(answer, now);
    CHECK(got == kHead);
    int count = 0;
    for (; !answer.IsFinished(now); ++count) {
      const RealTime next = answer.NextDue(now);
      REQUIRE(next > now);
      now = next;
      const std::string piece = Take(answer, now);
      CHECK(piece.size() >= static_cast<size_t>(row.body_bytes / row.pieces));
      got += piece;
      const auto passed = std::chrono::duration<double>(now - kStart - 5ms);
      CHECK(static_cast<double>(got.size() - kHead.size()) ==
            doctest::Approx(row.body_bytes * (passed / row.body_time)).epsilon(0.06));
    }
    CHECK(got == text);
    CHECK(count == row.pieces);
    CHECK(now == kStart + 5ms + row.body_time);
    CHECK(now == answer.last_due());
  }
}

TEST_CASE("one that looks late gets all that is due by then") {
  PacedResponse answer = Answer({.body_time = 1000ms});
  CHECK(Take(answer, kStart + 550ms).size() == kHead.size() + 500);
  CHECK(Take(answer, kStart + 3000ms).size() == 500);
  CHECK(answer.IsFinished(kStart + 3000ms));
}

TEST_CASE("without a body there is none to be slow") {
  PacedResponse answer = Answer({.body_time = 1000ms}, kHead);
  CHECK(Take(answer, kStart) == kHead);
  CHECK(answer.IsFinished(kStart));
}

TEST_CASE("times beyond all bounds are bounded") {
  using Milliseconds = std::chrono::milliseconds;
  CHECK(Answer({.delay = -1ms, .body_time = Milliseconds::min()}).Due(kStart) == kText);
  PacedResponse late = Answer({.delay = Milliseconds::max(), .body_time = Milliseconds::max()});
  CHECK(late.NextDue(kStart) == kStart + 24h);
  CHECK(late.last_due() == kStart + 48h);
  CHECK(Take(late, kStart + 36h).size() == kHead.size() + 500);
  CHECK(late.NextDue(kStart + 36h) > kStart + 36h);
}

TEST_CASE("a reset and an empty answer send nothing, after the delay as well") {
  for (const auto& [connection_fault, end] :
       {std::pair{ConnectionFault::kConnectionReset, End::kReset},
        {ConnectionFault::kEmptyResponse, End::kLingeringClose}}) {
    PacedResponse answer =
        Answer({.delay = 5ms, .body_time = 9ms, .connection_fault = connection_fault});
    CHECK_FALSE(answer.IsFinished(kStart));
    CHECK(answer.NextDue(kStart) == kStart + 5ms);
    CHECK(answer.Due(kStart + 5ms).empty());
    CHECK(answer.IsFinished(kStart + 5ms));
    CHECK(answer.end() == end);
  }
}

TEST_CASE("a malformed chunk follows the head of a chunked answer") {
  const std::string_view head = "HTTP/1.1 200 OK\r\nA: b\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (const std::string& text : {kText, std::string("HTTP/1.1 200 OK\r\nA: b\r\n\r\n")}) {
    PacedResponse answer =
        Answer({.connection_fault = ConnectionFault::kMalformedResponseChunk}, text);
    const std::string got = Take(answer, kStart);
    CHECK(got.substr(0, head.size()) == head);
    CHECK(got.size() > head.size());
    CHECK(std::none_of(got.begin() + static_cast<int>(head.size()), got.end(),
                       [](char c) { return static_cast<unsigned char>(c) < 0x80; }));
    CHECK(answer.end() == End::kLingeringClose);
  }
}

TEST_CASE("random data is no HTTP, and the same every time") {
  PacedResponse answer = Answer({.connection_fault = ConnectionFault::kRandomDataThenClose});
  const std::string got = Take(answer, kStart);
  CHECK(got.size() == 256);
  CHECK(static_cast<unsigned char>(got[0]) >= 0x80);
  CHECK(answer.end() == End::kLingeringClose);
  PacedResponse again = Answer({.connection_fault = ConnectionFault::kRandomDataThenClose});
  CHECK(again.Due(kStart) == got);
}

TEST_CASE("in a hurry all that is left is due") {
  PacedResponse late = Answer({.delay = 1h, .body_time = 1h});
  late.SkipDelays(kStart);
  CHECK(Take(late, kStart) == kText);
  CHECK(late.IsFinished(kStart));
  PacedResponse slow = Answer({.body_time = 1000ms});
  CHECK(Take(slow, kStart + 300ms).size() == kHead.size() + 300);
  slow.SkipDelays(kStart + 300ms);
  CHECK(Take(slow, kStart + 300ms).size() == 700);
  CHECK(slow.IsFinished(kStart + 300ms));
  CHECK(slow.last_due() == kStart);
}
