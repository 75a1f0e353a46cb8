#include "diagnosis/retries.h"

#include <nlohmann/json.hpp>

#include "support/test_emulator.h"

using namespace emulator;
using namespace emulator::diagnosis;
using namespace std::chrono_literals;

namespace {

// A journal built by hand. Real time advances by a second for each entry; the world's clock is
// frozen.
class Story {
 public:
  // `headers`: of the answer.
  Story& Add(journal::JournalEntry entry, const http::Headers& headers = {}) {
    real_time_ += 1s;
    entry.real_time = real_time_;
    entry.time = now;
    if (entry.method.empty()) entry.method = "GET";
    if (entry.target.empty()) entry.target = "/a";
    entries_.push_back(Keep(entries_.size() + 1, entry, {}, headers));
    return *this;
  }
  Story& Refuse(const std::string& retry_after = "30", journal::JournalEntry entry = {}) {
    if (entry.status == 0) entry.status = 429;
    if (entry.client.empty()) entry.client = "app";
    return retry_after.empty() ? Add(entry) : Add(entry, {{"Retry-After", retry_after}});
  }
  Story& Succeed(journal::JournalEntry entry = {}) {
    if (entry.status == 0) entry.status = 200;
    if (entry.client.empty()) entry.client = "app";
    return Add(entry);
  }
  Story& Wait(std::chrono::microseconds time) {
    now += time;
    return *this;
  }

  // "1 early by 2 after 0.5, 3 never ..."
  std::string Retries() const {
    std::string text;
    for (const Retry& retry : FindRetries(entries_)) {
      text.append(text.empty() ? "" : ", ").append(std::to_string(retry.refused->id)).append(" ");
      text.append(Name(retry.timing));
      if (!retry.call) continue;
      text.append(" by ").append(std::to_string(retry.call->id)).append(" after ");
      text.append(std::to_string(retry.waited / 1ms)).append("ms");
    }
    return text;
  }
  std::vector<Retry> Found() const { return FindRetries(entries_); }

  Time now = kNoon;

 private:
  Time real_time_ = kNoon;
  std::vector<journal::RecordedEntry> entries_;
};

}  // namespace

TEST_CASE("a client that never retried") {
  CHECK(Story().Refuse().Retries() == "1 never");
  CHECK(Story().Retries() == "");
  CHECK(Story().Succeed().Succeed().Retries() == "");
}

TEST_CASE("a retry is on time from exactly retry-after on, on the world's clock") {
  CHECK(Story().Refuse("30").Succeed().Retries() == "1 early by 2 after 0ms");
  CHECK(Story().Refuse("30").Wait(30s - 1us).Succeed().Retries() == "1 early by 2 after 29999ms");
  CHECK(Story().Refuse("30").Wait(30s).Succeed().Retries() == "1 on-time by 2 after 30000ms");
  CHECK(Story().Refuse("30").Wait(24h).Succeed().Retries() == "1 on-time by 2 after 86400000ms");
  CHECK(Story().Refuse("0").Succeed().Retries() == "1 on-time by 2 after 0ms");
}

TEST_CASE("a retry is early if the clock was moved back") {
  CHECK(Story().Refuse("30").Wait(-1h).Succeed().Retries() == "1 early by 2 after -3600000ms");
}

TEST_CASE("only the first retry counts, and it may be refused itself") {
  CHECK(Story().Refuse("30").Wait(1s).Refuse("29").Wait(29s).Succeed().Succeed().Retries() ==
        "1 early by 2 after 1000ms, 2 on-time by 3 after 29000ms");
}

TEST_CASE("after a 429 any call of the same client is its retry") {
  const Story story =
      Story().Refuse("30", {.target = "/a"}).Succeed({.client = "other"}).Succeed({.target = "/b"});
  CHECK(story.Retries() == "1 early by 3 after 0ms");
  CHECK(Story().Refuse().Succeed({.client = "other"}).Retries() == "1 never");
}

TEST_CASE("after a 429 of an unknown client only the same call is a retry") {
  const journal::JournalEntry refused{.target = "/a", .status = 429};
  const http::Headers headers{{"retry-after", "30"}};
  CHECK(Story().Add(refused, headers).Add({.target = "/b", .status = 200}).Retries() == "1 never");
  CHECK(Story().Add(refused, headers).Add({.target = "/a", .status = 200}).Retries() ==
        "1 early by 2 after 0ms");
  CHECK(Story().Add(refused, headers).Succeed({.target = "/a"}).Retries() == "1 never");
}

TEST_CASE("after a 5xx only a call with the same method and target is a retry") {
  for (const int status : {500, 502, 503, 504, 599}) {
    const Story story = Story()
                            .Refuse("30", {.target = "/a", .status = status})
                            .Succeed({.target = "/b"})
                            .Succeed({.method = "HEAD", .target = "/a"})
                            .Succeed({.target = "/a"});
    CHECK(story.Retries() == "1 early by 4 after 0ms");
  }
}

TEST_CASE("without retry-after no retry is early") {
  CHECK(Story().Refuse("", {.status = 503}).Succeed().Retries() == "1 on-time by 2 after 0ms");
  CHECK(Story().Refuse("").Succeed().Retries() == "1 on-time by 2 after 0ms");
  CHECK_FALSE(Story().Refuse("").Found()[0].retry_after);
}

TEST_CASE("a retry-after that is not a whole number of seconds is ignored") {
  for (const char* value : {"Tue, 24 Nov 2026 12:01:00 GMT", "soon", "1.5", "-1", "", " 30", "30 s",
                            "99999999999999999999"}) {
    const Story story = Story().Add({.client = "app", .status = 429}, {{"retry-after", value}});
    INFO(std::string(value));
    CHECK_FALSE(story.Found()[0].retry_after);
  }
  CHECK(Story().Refuse("30").Found()[0].retry_after == 30s);
}

TEST_CASE("a call that was under way at the time of the refusal is no retry") {
  // Entries are a second apart.
  CHECK(Story().Refuse().Succeed({.duration = 1001ms}).Retries() == "1 never");
  CHECK(Story().Refuse().Succeed({.duration = 1000ms}).Retries() == "1 early by 2 after 0ms");
  CHECK(Story().Refuse().Succeed({.duration = 1001ms}).Succeed().Retries() ==
        "1 early by 3 after 0ms");
}

TEST_CASE("regression: a call before a delayed refusal was sent counted as an early retry") {
  const journal::JournalEntry delayed{.delivery = {.delay = 1500ms}};
  CHECK(Story().Refuse("30", delayed).Succeed().Retries() == "1 never");
  CHECK(Story().Refuse("30", delayed).Succeed().Succeed().Retries() == "1 early by 3 after 0ms");
}

TEST_CASE("regression: an unparsed request counted as the retry of another one") {
  const journal::JournalEntry unsupported{
      .method = "-", .target = "-", .gate = Name(api::Gate::kHttp), .status = 505};
  const journal::JournalEntry malformed{
      .method = "-", .target = "-", .gate = Name(api::Gate::kHttp), .status = 400};
  CHECK(Story().Add(unsupported).Add(malformed).Retries() == "");
}

TEST_CASE("other refusals and broken connections have no retries") {
  for (const int status : {0, 200, 401, 403, 404, 428, 499})
    CHECK(Story().Add({.client = "app", .status = status}).Succeed().Retries() == "");
}

TEST_CASE("many refusals without retries take linear time") {
  Story story;
  for (int i = 0; i < 40'000; ++i)
    story.Refuse("1", {.target = "/" + std::to_string(i), .status = 503});
  const auto start = std::chrono::steady_clock::now();
  CHECK(story.Found().size() == 40'000);
  CHECK(std::chrono::steady_clock::now() - start < 5s);
}

TEST_CASE("a retry is rendered with retry-after and the time of the retry") {
  const Story story = Story().Refuse("30").Wait(1500ms).Succeed().Refuse("");
  const auto retries = story.Found();
  REQUIRE(retries.size() == 2);
  CHECK(RenderRetry(retries[0]).dump() ==
        R"({"id":1,"time":"2026-11-24T12:00:00.000Z","method":"GET","target":"/a","status":429,)"
        R"("retryAfter":30,"cameBack":"early","with":2,"afterSeconds":1.5})");
  CHECK(RenderRetry(retries[1]).dump() ==
        R"({"id":3,"time":"2026-11-24T12:00:01.500Z","method":"GET","target":"/a","status":429,)"
        R"("cameBack":"never"})");
}
