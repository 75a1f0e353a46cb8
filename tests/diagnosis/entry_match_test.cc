#include "diagnosis/entry_match.h"

#include <nlohmann/json.hpp>

#include "base/json_schema.h"
#include "support/world.h"

using namespace emulator;
using namespace emulator::diagnosis;

namespace {

const journal::JournalEntry kPlain{
    .method = "GET",
    .target = "/_sandbox/a/export/connections/a%20B?top=1&name=a+b&flag&top=2&x=%zz",
    .operation = "get-export-connection",
    .connection_id = "a B",
    .gate = "authenticate",
    .reason = "token-expired",
    .client = "app",
    .user = "ann",
    .token = "anns",
    .scopes = "itwin-platform",
    .status = 401};
const journal::RecordedEntry kRecorded =
    Keep(1, kPlain, {{"Accept", "text/html"}, {"X-Two", "1"}, {"x-two", "2"}});
const journal::JournalEntry& kEntry = kRecorded.entry;

EntryMatch ReadMatch(const std::string& match) {
  const auto json = nlohmann::json::parse(match);
  static const JsonSchema kShape(embedded::kControlApi, "/components/schemas/EntryMatch");
  for (const SchemaViolation& defect : kShape.Validate(json))
    FAIL(defect.pointer << defect.sentence);
  return ReadEntryMatch(json);
}

// "status was 401, not 200; ..." Empty: the entry matches.
std::string Differing(const std::string& match, const journal::JournalEntry& entry = kEntry) {
  std::string text;
  for (const Difference& difference : Differences(ReadMatch(match), entry))
    text.append(text.empty() ? "" : "; ")
        .append(difference.member + " was " + difference.found + ", not " + difference.expected);
  CHECK(text.empty() == Matches(ReadMatch(match), entry));
  return text;
}

}  // namespace

TEST_CASE("an empty match matches everything") {
  CHECK(Differing("{}") == "");
  CHECK(Differing("{}", journal::JournalEntry{}) == "");
}

TEST_CASE("each member of a match matches, or reports what was found") {
  struct Row {
    const char* matches;
    const char* differs;
    std::string difference;
  };
  const std::string path = "/export/connections/a%20B";
  const Row rows[] = {
      {R"({"method": "GET"})", R"({"method": "get"})", "method was GET, not get"},
      {R"({"path": "/EXPORT/*/a%20b"})", R"({"path": "/export/connections"})",
       "path was " + path + ", not /export/connections"},
      {R"({"path": "/export/connections/a b"})", R"({"path": "/_sandbox/*"})",
       "path was " + path + ", not /_sandbox/*"},
      {R"({"status": 401})", R"({"status": 404})", "status was 401, not 404"},
      {R"({"status": "401"})", R"({"status": "400"})", "status was 401, not 400"},
      {R"({"status": "4xx"})", R"({"status": "5xx"})", "status was 401, not 5xx"},
      {R"({"operation": "get-export-connection"})", R"({"operation": "get-export"})",
       "operation was get-export-connection, not get-export"},
      {R"({"connectionId": "a B"})", R"({"connectionId": "a b"})", "connectionId was a B, not a b"},
      {R"({"client": "app"})", R"({"client": "App"})", "client was app, not App"},
      {R"({"user": "ann"})", R"({"user": "bob"})", "user was ann, not bob"},
      {R"({"token": "anns"})", R"({"token": "bobs"})", "token was anns, not bobs"},
      {R"({"gate": "authenticate"})", R"({"gate": "scope"})", "gate was authenticate, not scope"},
      {R"({"reason": "token-expired"})", R"({"reason": "expired"})",
       "reason was token-expired, not expired"},
      {R"({"contractWarning": "accept-other"})", R"({"contractWarning": "accept-missing"})",
       "contractWarning was accept-other, query-unknown, not accept-missing"},
      {R"({"headers": {"accept": "text/html"}})", R"({"headers": {"accept": "text/HTML"}})",
       "headers/accept was text/html, not text/HTML"},
      {R"({"headers": {"X-None": null}})", R"({"headers": {"accept": null}})",
       "headers/accept was text/html, not none"},
      {R"({"headers": {"X-TWO": "2"}})", R"({"headers": {"X-Two": "3"}})",
       "headers/X-Two was 1, not 3"},
      {R"({"query": {"TOP": "2"}})", R"({"query": {"top": "3"}})", "query/top was 1, not 3"},
      {R"({"query": {"flag": ""}})", R"({"query": {"flag": null}})", "query/flag was , not none"},
      {R"({"query": {"x": "%zz"}})", R"({"query": {"y": "1"}})", "query/y was none, not 1"},
  };
  for (const Row& row : rows) {
    INFO(std::string(row.matches) << " " << row.differs);
    CHECK(Differing(row.matches) == "");
    CHECK(Differing(row.differs) == row.difference);
  }
}

TEST_CASE("'+' is a space in a query, but not in a path") {
  CHECK(Differing(R"({"query": {"name": "a b"}})") == "");
  const journal::JournalEntry plus{.target = "/export/connections/a+b?name=a%2Bb"};
  CHECK(Differing(R"({"query": {"name": "a+b"}})", plus) == "");
  CHECK(Differing(R"({"path": "/export/connections/a+b"})", plus) == "");
}

TEST_CASE("all members of a match must match, and all differences are reported") {
  CHECK(
      Differing(
          R"({"method": "GET", "status": "4xx", "client": "app", "contractWarning": "query-unknown",
                      "headers": {"Accept": "text/html", "X-None": null}})") == "");
  CHECK(Differing(R"({"method": "PUT", "path": "/*", "status": 200, "user": "ann", "client": "x",
                      "headers": {"A": "1"}, "query": {"b": "2"}})") ==
        "method was GET, not PUT; status was 401, not 200; client was app, not x; "
        "headers/A was none, not 1; query/b was none, not 2");
}

TEST_CASE("an unknown member of a request is reported as none") {
  const journal::JournalEntry unread{.method = "-", .target = "-", .status = 400};
  CHECK(Differing(R"({"client": "app"})", unread) == "client was none, not app");
  CHECK(Differing(R"({"contractWarning": "accept-missing"})", unread) ==
        "contractWarning was none, not accept-missing");
}

TEST_CASE("only a broken connection has the status 0") {
  const journal::JournalEntry broken{.method = "GET", .target = "/", .status = 0};
  CHECK(Differing(R"({"status": 0})", broken) == "");
  CHECK(Differing(R"({"status": "0"})", broken) == "");
  CHECK(Differing(R"({"status": "5xx"})", broken) == "status was 0, not 5xx");
  CHECK(Differing(R"({"status": 0})") == "status was 401, not 0");
}

TEST_CASE("a status is a number of three digits, a class of them, or 0") {
  for (const char* text : {"100", "401", "599", "1xx", "5xx", "0"}) CHECK(IsStatusPattern(text));
  for (const char* text : {"", "00", "40", "4x", "4xX", "x01", "600", "6xx", "099", "0xx", "4010",
                           "4x1", "-40", "40 ", "200-299"})
    CHECK_FALSE(IsStatusPattern(text));
}

TEST_CASE("the schema refuses a match with unknown members or invalid values") {
  static const JsonSchema kShape(embedded::kControlApi, "/components/schemas/EntryMatch");
  for (const char* match : {R"({"methods": "GET"})", R"({"method": ""})", R"({"path": "export"})",
                            R"({"path": "/a?b"})", R"({"status": "4x"})", R"({"status": 600})",
                            R"({"status": -1})", R"({"status": 4})", R"({"status": 200.5})",
                            R"({"headers": []})", R"({"client": null})", "[]", "3"})
    CHECK_MESSAGE(kShape.Validate(nlohmann::json::parse(match)).size() > 0, match);
}
