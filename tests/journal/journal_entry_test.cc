#include "journal/journal_entry.h"

#include "support/world.h"

using namespace emulator;
using namespace emulator::journal;
using namespace std::chrono_literals;

namespace {

RecordedEntry Kept(const JournalEntry& entry, const http::Headers& headers = {},
                   const http::Headers& answer_headers = {}) {
  return Keep(7, entry, headers, answer_headers);
}

const std::string& PackedText(const RecordedEntry& kept) {
  return *static_cast<const std::string*>(kept.memory.get());
}

}  // namespace

TEST_CASE("an entry comes back as it was told") {
  const JournalEntry told{.time = kNoon,
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
  const RecordedEntry kept = Kept(told, {{"Accept", "x"}, {"accept", ""}}, {{"Date", "y"}});
  const JournalEntry& entry = kept.entry;
  CHECK(entry.id == 7);
  CHECK(entry.time == told.time);
  CHECK(entry.real_time == told.real_time);
  CHECK(entry.duration == told.duration);
  CHECK(entry.method == told.method);
  CHECK(entry.target == told.target);
  CHECK(entry.body.text == "a body");
  CHECK(entry.body.size == 6);
  CHECK(entry.operation == told.operation);
  CHECK(entry.connection_id == "a");
  CHECK(entry.gate == told.gate);
  CHECK(entry.reason == told.reason);
  CHECK(entry.client == "app");
  CHECK(entry.user == "reader");
  CHECK(entry.token == "expired");
  CHECK(entry.scopes == "a b");
  CHECK(entry.issuer == "https://a");
  CHECK(entry.right_issuer == "https://b");
  CHECK(entry.not_before == told.not_before);
  CHECK(entry.expires == told.expires);
  CHECK(entry.is_token_known);
  CHECK(entry.was_metered);
  CHECK(entry.admission.wait == 3s);
  CHECK(entry.admission.limit == told.admission.limit);
  CHECK(entry.admission.used == 5);
  CHECK(entry.fault == 4);
  CHECK(entry.status == 401);
  CHECK(entry.delivery == told.delivery);
  CHECK(entry.answer_body.text == "an answer");
  const auto headers = entry.headers.Read();
  REQUIRE(headers.size() == 2);
  CHECK(headers[0] == std::pair<std::string_view, std::string_view>("Accept", "x"));
  CHECK(headers[1].second == "");
  REQUIRE(entry.answer_headers.Read().size() == 1);
  CHECK(entry.answer_headers.Read()[0].second == "y");
}

TEST_CASE("what is not known stays unknown") {
  const RecordedEntry kept = Kept({});
  CHECK(kept.entry.operation.empty());
  CHECK_FALSE(kept.entry.expires);
  CHECK_FALSE(kept.entry.admission.limit);
  CHECK(kept.entry.headers.Read().empty());
}

TEST_CASE("a token is nowhere in an entry, wherever the client put it") {
  const std::string secret = "s3cret-t0ken";
  const http::Headers headers{{"Authorization", "Bearer " + secret},
                              {"X-Copy", "a " + secret + " b"},
                              {"Cookie", "session=another-secret"},
                              {"X-Api-Key-Secret", "a-third-secret"}};
  const std::string target = "/export/" + secret + "?q=" + secret + "&access_token=a-fourth-one";
  const std::string body = "{\"token\":\"" + secret + "\"}";
  const RecordedEntry kept = Kept({.method = "GET",
                                   .target = target,
                                   .body = {body},
                                   .connection_id = secret,
                                   .token = "reader"},
                                  headers);
  CHECK(PackedText(kept).find(secret) == std::string::npos);
  CHECK(PackedText(kept).find("a-fourth-one") == std::string::npos);
  CHECK(kept.entry.target == "/export/************?q=************&access_token=***");
  CHECK(kept.entry.connection_id == "************");
  CHECK(kept.entry.headers.Read()[0].second == "Bearer reader");
  CHECK(kept.entry.headers.Read()[1].second == "a ************ b");
  CHECK(kept.entry.headers.Read()[2].second == "***");
  CHECK(kept.entry.headers.Read()[3].second == "***");
}

TEST_CASE("of a large body the beginning is kept, and its size") {
  const std::string body(RecordedBody::kMaxRecorded + 1, 'x');
  const RecordedEntry kept = Kept({.body = {body}, .answer_body = {body}});
  CHECK(kept.entry.body.text.size() == RecordedBody::kMaxRecorded);
  CHECK(kept.entry.body.size == body.size());
  CHECK(kept.entry.answer_body.text.size() == RecordedBody::kMaxRecorded);
  CHECK(kept.entry.answer_body.size == body.size());
}
