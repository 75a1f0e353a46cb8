#include "diagnosis/verification.h"

#include <nlohmann/json.hpp>

#include "support/world.h"

using namespace emulator;
using namespace emulator::diagnosis;
using namespace std::chrono_literals;

namespace {

using EntryList = std::vector<journal::RecordedEntry>;

journal::RecordedEntry Entry(uint64_t id, int status, const std::string& target = "/a",
                             const http::Headers& answer_headers = {}, Time time = kNoon) {
  return Keep(id,
              {.time = time,
               .real_time = kNoon + std::chrono::seconds(id),
               .method = "GET",
               .target = target,
               .client = "app",
               .status = status},
              {}, answer_headers);
}

// A 401, two 200 and a 404.
const std::vector<EntryList>& Four() {
  static const std::vector<EntryList> kFour{
      {Entry(3, 401), Entry(5, 200), Entry(8, 200), Entry(9, 404, "/b")}};
  return kFour;
}

Verification ReadVerificationOf(const std::string& text) {
  std::vector<std::string> errors;
  auto verifications = ReadVerificationText(text, errors);
  for (const std::string& sentence : errors) FAIL(text << ": " << sentence);
  REQUIRE(verifications.size() == 1);
  return std::move(verifications[0]);
}

VerificationResult ResultOf(const std::string& text,
                            const std::vector<EntryList>& journals = Four()) {
  return Evaluate(ReadVerificationOf(text), journals);
}

// Empty if the claim holds; else "not yet: " or "never: ", and the sentence.
std::string FailureOf(const std::string& text, const std::vector<EntryList>& journals = Four()) {
  const VerificationResult result = ResultOf(text, journals);
  CHECK(result.passed == result.sentence.empty());
  // ClaimEvaluator agrees, except for retries, which only Evaluate checks.
  std::vector<const journal::JournalEntry*> entries;
  for (const auto& journal : journals)
    for (const journal::RecordedEntry& recorded : journal) entries.push_back(&recorded.entry);
  std::sort(
      entries.begin(), entries.end(),
      [](const journal::JournalEntry* a, const journal::JournalEntry* b) { return a->id < b->id; });
  ClaimEvaluator evaluator(ReadVerificationOf(text));
  for (const journal::JournalEntry* entry : entries) evaluator.Observe(*entry);
  const bool is_retry_claim = text.find("retries") != std::string::npos;
  CHECK(evaluator.Holds() == (result.passed || is_retry_claim));
  CHECK((evaluator.CanStillHold() || !result.passed));
  if (result.passed) return "";
  return (evaluator.CanStillHold() && !is_retry_claim ? "not yet: " : "never: ") + result.sentence;
}

std::vector<std::string> ErrorsOf(const std::string& text) {
  std::vector<std::string> errors;
  const auto verifications = ReadVerificationText(text, errors);
  CHECK(verifications.empty() == !errors.empty());
  return errors;
}
std::string ErrorOf(const std::string& text) {
  const auto errors = ErrorsOf(text);
  REQUIRE_MESSAGE(errors.size() == 1, text);
  return errors[0];
}

}  // namespace

TEST_CASE("a match without count requires at least one request") {
  CHECK(FailureOf(R"({"match": {"status": 200}})") == "");
  CHECK(FailureOf(R"({"match": {"status": 200}, "count": {}})") == "");
  CHECK(ResultOf(R"({"match": {"status": 200}})").count == 2);
  CHECK(ResultOf(R"({"match": {"status": 200}})").ids == std::vector<uint64_t>{5, 8});
  CHECK(FailureOf(R"({"match": {"status": 429}})")
            .starts_with("not yet: 0 requests match; wanted: "
                         "at least 1. The nearest"));
}

TEST_CASE("atLeast, atMost, both, exactly; too many requests fail for ever") {
  const auto unmet = [](const std::string& count) {
    return FailureOf(R"({"match": {"status": 200}, "count": )" + count + "}").substr(0, 47);
  };
  CHECK(unmet(R"({"atLeast": 2})") == "");
  CHECK(unmet(R"({"atLeast": 3})").starts_with("not yet: 2 requests match; wanted: at least 3. "));
  CHECK(unmet(R"({"atLeast": 0})") == "");
  CHECK(unmet(R"({"atMost": 2})") == "");
  CHECK(unmet(R"({"atMost": 1})") == "never: 2 requests match; wanted: at most 1.");
  CHECK(unmet(R"({"atMost": 0})") == "never: 2 requests match; wanted: 0.");
  CHECK(unmet(R"({"atLeast": 1, "atMost": 2})") == "");
  CHECK(unmet(R"({"atLeast": 0, "atMost": 1})") == "never: 2 requests match; wanted: at most 1.");
  CHECK(
      unmet(R"({"atLeast": 3, "atMost": 5})").starts_with("not yet: 2 requests match; wanted: 3 "));
  CHECK(unmet(R"({"exactly": 2})") == "");
  CHECK(unmet(R"({"exactly": 1})") == "never: 2 requests match; wanted: 1.");
  CHECK(unmet(R"({"exactly": 3})").starts_with("not yet: 2 requests match; wanted: 3."));
  CHECK(FailureOf(R"({"match": {"path": "/c"}, "count": {"atMost": 0}})") == "");
  CHECK(FailureOf(R"({"match": {"path": "/b"}, "count": {"exactly": 0}})") ==
        "never: 1 request matches; wanted: 0.");
}

TEST_CASE("atMost alone holds without any request") {
  CHECK(FailureOf(R"({"match": {"status": 500}, "count": {"atMost": 3}})") == "");
  CHECK(FailureOf(R"({"match": {}, "count": {"atMost": 3}})", {}) == "");
}

TEST_CASE("the nearest request differs in the fewest members; of several it is the latest") {
  CHECK(FailureOf(R"({"match": {"status": 404, "path": "/a"}})") ==
        "not yet: 0 requests match; wanted: at least 1. The nearest is request 9: path was /b, not "
        "/a.");
  CHECK(FailureOf(R"({"match": {"status": 429, "path": "/a", "client": "other"}})") ==
        "not yet: 0 requests match; wanted: at least 1. The nearest is request 8: status was 200, "
        "not "
        "429; client was app, not other.");
  CHECK(FailureOf(R"({"match": {"status": 404}, "count": {"atLeast": 2}})") ==
        "not yet: 1 request matches; wanted: at least 2. The nearest is request 8: status was 200, "
        "not "
        "404.");
  CHECK(FailureOf(R"({"match": {"status": 404}})", {}) ==
        "not yet: 0 requests match; wanted: at least 1.");
  const VerificationResult none = ResultOf(R"({"match": {}})", {});
  CHECK(none.nearest == 0);
  CHECK(none.differences.empty());
}

TEST_CASE("too many requests are reported without the nearest") {
  const VerificationResult result =
      ResultOf(R"({"match": {"status": 200}, "count": {"atMost": 1}})");
  CHECK(result.nearest == 0);
  CHECK_FALSE(RenderVerificationResult(result).contains("nearest"));
}

TEST_CASE("a sequence allows other requests in between, and no request matches two steps") {
  CHECK(FailureOf(R"({"sequence": [{"status": 401}, {"status": 404}]})") == "");
  CHECK(FailureOf(R"({"sequence": [{"status": 200}, {"status": 200}]})") == "");
  CHECK(ResultOf(R"({"sequence": [{}, {}, {}, {}]})").ids == std::vector<uint64_t>{3, 5, 8, 9});
  CHECK(FailureOf(R"({"sequence": [{"status": 200}, {"status": 200}, {"status": 200}]})") ==
        "not yet: No request matches step 3 of 3 after request 8. The nearest is request 9: status "
        "was "
        "404, not 200.");
  CHECK(FailureOf(R"({"sequence": [{"status": 404}, {"status": 401}]})") ==
        "not yet: No request matches step 2 of 2 after request 9.");
  CHECK(FailureOf(R"({"sequence": [{"status": 429}]})") ==
        "not yet: No request matches step 1 of 1. The nearest is request 9: status was 404, not "
        "429.");
  CHECK(ResultOf(R"({"sequence": [{"status": 404}, {"status": 401}]})").count == 1);
}

TEST_CASE("since: only later requests count") {
  CHECK(ResultOf(R"({"match": {}, "since": 0})").count == 4);
  CHECK(ResultOf(R"({"match": {}, "since": 5})").ids == std::vector<uint64_t>{8, 9});
  CHECK(FailureOf(R"({"match": {"status": 401}, "since": 3})").starts_with("not yet: 0"));
  CHECK(FailureOf(R"({"sequence": [{"status": 200}, {"status": 200}], "since": 5})")
            .starts_with("not yet: No request matches step 2 of 2 after request 8."));
  CHECK(FailureOf(R"({"match": {}, "since": 9223372036854775807})").starts_with("not yet: 0"));
}

TEST_CASE("none-early fails for ever after one early retry") {
  const http::Headers after{{"retry-after", "30"}};
  const std::string text = R"({"retries": "none-early"})";
  CHECK(FailureOf(text) == "");
  CHECK(FailureOf(text, {}) == "");
  CHECK(FailureOf(text, {{Entry(1, 429, "/a", after)}}) == "");
  CHECK(FailureOf(text, {{Entry(1, 429, "/a", after), Entry(2, 200, "/a", {}, kNoon + 30s)}}) ==
        "");
  const std::vector<EntryList> early{{Entry(1, 429, "/a", after),
                                      Entry(2, 429, "/a", after, kNoon + 1500ms),
                                      Entry(3, 200, "/a", {}, kNoon + 2s)}};
  CHECK(FailureOf(text, early) ==
        "never: Request 2 came 1.5 s after request 1, whose retry-after was 30 s.");
  CHECK(ResultOf(text, early).ids == std::vector<uint64_t>{2, 3});
  CHECK(ResultOf(R"({"retries": "none-early", "since": 1})", early).ids ==
        std::vector<uint64_t>{3});
  CHECK(FailureOf(R"({"retries": "none-early", "since": 2})", early) == "");
}

TEST_CASE("several worlds are evaluated together by id, but a retry belongs to one world") {
  const std::vector<EntryList> two{{Entry(2, 429, "/a", {{"retry-after", "9"}}), Entry(7, 404)},
                                   {Entry(4, 200), Entry(9, 200)}};
  CHECK(ResultOf(R"({"match": {}})", two).ids == std::vector<uint64_t>{2, 4, 7, 9});
  CHECK(FailureOf(R"({"sequence": [{"status": 200}, {"status": 404}, {"status": 200}]})", two) ==
        "");
  CHECK(ResultOf(R"({"retries": "none-early"})", two).ids == std::vector<uint64_t>{7});
}

TEST_CASE("a result has the first 100 ids and the count of all") {
  EntryList many;
  for (uint64_t id = 1; id <= 150; ++id) many.push_back(Entry(id, 200));
  const VerificationResult result = ResultOf(R"({"match": {}})", {many});
  CHECK(result.count == 150);
  CHECK(result.ids.size() == 100);
  CHECK(result.ids.back() == 100);
}

TEST_CASE("a result is rendered with the verification as it was written") {
  CHECK(RenderVerificationResult(
            ResultOf(R"({"count": {"atLeast": 1}, "match": {"status": "4xx", "path": "/b"}})"))
            .dump() == R"({"passed":true,"count":1,"ids":[9],"verification":)"
                       R"({"count":{"atLeast":1},"match":{"path":"/b","status":"4xx"}}})");
  CHECK(
      RenderVerificationResult(ResultOf(R"({"match": {"path": "/b", "status": 200}})")).dump() ==
      R"({"passed":false,"sentence":"0 requests match; wanted: at least 1. The nearest is request 9: )"
      R"(status was 404, not 200.","count":0,"ids":[],"nearest":{"id":9,"differs":)"
      R"([{"member":"status","expected":"200","found":"404"}]},"verification":)"
      R"({"match":{"path":"/b","status":200}}})");
}

TEST_CASE("a list of verifications keeps its order") {
  std::vector<std::string> errors;
  const auto read = ReadVerificationText(
      R"([{"match": {}}, {"sequence": [{}], "since": 4}, {"retries": "none-early"}])", errors);
  CHECK(errors.empty());
  REQUIRE(read.size() == 3);
  CHECK(std::holds_alternative<CountClaim>(read[0].claim));
  CHECK(std::holds_alternative<SequenceClaim>(read[1].claim));
  CHECK(read[1].since == 4);
  CHECK(std::holds_alternative<NoEarlyRetryClaim>(read[2].claim));
}

TEST_CASE("every error is a sentence with its place") {
  const std::string one_of =
      "has none or several of match, sequence and retries; give exactly one.";
  CHECK(ErrorOf("{}") == "/: " + one_of);
  CHECK(ErrorOf(R"({"since": 1})") == "/: " + one_of);
  CHECK(ErrorOf(R"([{"match": {}}, {"match": {}, "sequence": [{}]}])") == "/1: " + one_of);
  CHECK(ErrorOf(R"({"retries": "none-early", "match": {}})") == "/: " + one_of);
  CHECK(ErrorOf(R"({"retries": "none-early", "count": {}})") ==
        "/count: is allowed only beside match; leave it out.");
  CHECK(ErrorOf(R"([{"sequence": [{}], "count": {"exactly": 1}}])") ==
        "/0/count: is allowed only beside match; leave it out.");
  CHECK(ErrorOf(R"({"match": {}, "count": {"atLeast": 3, "atMost": 2}})") ==
        "/count: cannot hold: atLeast is greater than atMost.");
  CHECK(ErrorOf(R"({"match": {"headers": {"a/b": 3}}})") ==
        "/match/headers/a~1b: is 3; wanted: a string, or null.");
  CHECK(ErrorOf(R"([{"sequence": [{}, {"query": {"q": ["x"]}}]}])") ==
        "/0/sequence/1/query/q: is [\"x\"]; wanted: a string, or null.");
  CHECK(ErrorsOf(R"([{}, {"match": {"headers": {"a": 1, "b": true, "c": null}}}])").size() == 3);
}

TEST_CASE("regression: exactly beside atLeast or atMost was read as exactly alone") {
  const std::string error = "/count: has exactly beside another member; give exactly alone.";
  CHECK(ErrorOf(R"({"match": {}, "count": {"exactly": 2, "atMost": 1}})") == error);
  CHECK(ErrorOf(R"({"match": {}, "count": {"exactly": 2, "atLeast": 2}})") == error);
}

TEST_CASE("a verification that does not fit its schema is refused with the schema's words") {
  CHECK(ErrorOf(R"({"mtach": {}})").find("Did you mean \"match\"?") != std::string::npos);
  CHECK(ErrorOf(R"([{"match": {"method": 3}}])").starts_with("/0/match/method: is 3; wanted: "));
  CHECK(ErrorOf(R"({"match": {}, "count": {"atLeast": -1}})").starts_with("/count/atLeast: is -1"));
  CHECK(
      ErrorOf(R"({"match": {}, "count": {"exactly": 1.5}})").starts_with("/count/exactly: is 1.5"));
  CHECK(ErrorOf(R"({"match": {}, "since": "3"})").starts_with("/since: is \"3\""));
  CHECK(ErrorOf(R"({"retries": "some"})").starts_with("/retries: is \"some\""));
  CHECK(ErrorOf(R"({"sequence": []})").starts_with("/sequence: "));
  CHECK(ErrorsOf("[]").size() == 1);
  CHECK(ErrorsOf("3").size() == 1);
}

TEST_CASE("invalid JSON is reported with its line") {
  CHECK(ErrorOf("{\n\"match\": }").starts_with("line 2: is not JSON"));
  CHECK(ErrorOf(R"({"match": {}, "match": {}})").starts_with("line 1: "));
  CHECK(ErrorsOf("").size() == 1);
}
