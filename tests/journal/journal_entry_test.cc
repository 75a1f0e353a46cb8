#include "journal/journal_entry.h"

#include "support/world.h"

using namespace emulator;
using namespace emulator::journal;
using namespace std::chrono_literals;

namespace {

RecordedEntry Recorded(const JournalEntry& entry, const http::Headers& headers = {},
                       const http::Headers& answer_headers = {}) {
  return Keep(7, entry, headers, answer_headers);
}

const std::string& PackedText(const RecordedEntry& recorded) {
  return *static_cast<const std::string*>(recorded.memory.get());
}

}  // namespace

TEST_CASE("an entry is unpacked as it was packed") {
  const JournalEntry original{.time = kNoon,
                              .real_time = kNoon + 1s,
                              .duration = 17us,
                              .method = "GET",
                              .target = "/export/connections/a?b=c",
                              .body = {"a body"},
                              .operation = "get-export-connection",
                              .connection_id = "a",
                              .gate = "authenticate",
                              .reason = "token-expired",
                              .client = "app",
                              .user = "reader",
                              .token = "expired",
                              .scopes = "a b",
                              .issuer = "https://a",
                              .right_issuer = "https://b",
                              .not_before = kNoon - 1h,
                              .expires = kNoon,
                              .is_token_known = true,
                              .was_metered = true,
                              .admission = {3s, fixtures::RateLimit{5, 60s}, 5},
                              .fault = 4,
                              .status = 401,
                              .delivery = {.delay = 5ms, .body_time = 6ms},
                              .answer_body = {"an answer"}};
  const RecordedEntry recorded =
      Recorded(original, {{"Accept", "x"}, {"accept", ""}}, {{"Date", "y"}});
  const JournalEntry& entry = recorded.entry;
  CHECK(entry.id == 7);
  CHECK(entry.time == original.time);
  CHECK(entry.real_time == original.real_time);
  CHECK(entry.duration == original.duration);
  CHECK(entry.method == original.method);
  CHECK(entry.target == original.target);
  CHECK(entry.body.text == "a body");
  CHECK(entry.body.size == 6);
  CHECK(entry.operation == original.operation);
  CHECK(entry.connection_id == "a");
  CHECK(entry.gate == original.gate);
  CHECK(entry.reason == original.reason);
  CHECK(entry.client == "app");
  CHECK(entry.user == "reader");
  CHECK(entry.token == "expired");
  CHECK(entry.scopes == "a b");
  CHECK(entry.issuer == "https://a");
  CHECK(entry.right_issuer == "https://b");
  CHECK(entry.not_before == original.not_before);
  CHECK(entry.expires == original.expires);
  CHECK(entry.is_token_known);
  CHECK(entry.was_metered);
  CHECK(entry.admission.wait == 3s);
  CHECK(entry.admission.limit == original.admission.limit);
  CHECK(entry.admission.used == 5);
  CHECK(entry.fault == 4);
  CHECK(entry.status == 401);
  CHECK(entry.delivery == original.delivery);
  CHECK(entry.answer_body.text == "an answer");
  const auto headers = entry.headers.Read();
  REQUIRE(headers.size() == 2);
  CHECK(headers[0] == std::pair<std::string_view, std::string_view>("Accept", "x"));
  CHECK(headers[1].second == "");
  REQUIRE(entry.answer_headers.Read().size() == 1);
  CHECK(entry.answer_headers.Read()[0].second == "y");
}

TEST_CASE("unknown members stay empty") {
  const RecordedEntry recorded = Recorded({});
  CHECK(recorded.entry.operation.empty());
  CHECK_FALSE(recorded.entry.expires);
  CHECK_FALSE(recorded.entry.admission.limit);
  CHECK(recorded.entry.headers.Read().empty());
}

TEST_CASE("an entry contains no credentials, wherever the client put them") {
  const std::string secret = "s3cret-t0ken";
  const http::Headers headers{{"Authorization", "Bearer " + secret},
                              {"X-Copy", "a " + secret + " b"},
                              {"Cookie", "session=another-secret"},
                              {"X-Api-Key-Secret", "a-third-secret"}};
  const std::string target = "/export/" + secret + "?q=" + secret + "&access_token=a-fourth-one";
  const std::string body = "{\"token\":\"" + secret + "\"}";
  const RecordedEntry recorded = Recorded({.method = "GET",
                                           .target = target,
                                           .body = {body},
                                           .connection_id = secret,
                                           .token = "reader"},
                                          headers);
  CHECK(PackedText(recorded).find(secret) == std::string::npos);
  CHECK(PackedText(recorded).find("a-fourth-one") == std::string::npos);
  CHECK(recorded.entry.target == "/export/************?q=************&access_token=***");
  CHECK(recorded.entry.connection_id == "************");
  CHECK(recorded.entry.headers.Read()[0].second == "Bearer reader");
  CHECK(recorded.entry.headers.Read()[1].second == "a ************ b");
  CHECK(recorded.entry.headers.Read()[2].second == "***");
  CHECK(recorded.entry.headers.Read()[3].second == "***");
}

TEST_CASE("a large body is truncated, and its size is recorded") {
  const std::string body(RecordedBody::kMaxRecorded + 1, 'x');
  const RecordedEntry recorded = Recorded({.body = {body}, .answer_body = {body}});
  CHECK(recorded.entry.body.text.size() == RecordedBody::kMaxRecorded);
  CHECK(recorded.entry.body.size == body.size());
  CHECK(recorded.entry.answer_body.text.size() == RecordedBody::kMaxRecorded);
  CHECK(recorded.entry.answer_body.size == body.size());
}
