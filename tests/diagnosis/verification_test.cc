#include "diagnosis/verification.h"

#include <nlohmann/json.hpp>

#include "support/world.h"

using namespace emulator;
using namespace emulator::diagnosis;
using namespace std::chrono_literals;

namespace {

using Journal1 = std::vector<journal::RecordedEntry>;

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
const std::vector<Journal1>& Four() {
  static const std::vector<Journal1> kFour{
      {Entry(3, 401), Entry(5, 200), Entry(8, 200), Entry(9, 404, "/b")}};
  return kFour;
}

Verification ReadVerificationOf(const std::string& text) {
  std::vector<std::string> sentences;
  auto verifications = ReadVerificationText(text, sentences);
  for (const std::string& sentence : sentences) FAIL(text << ": " << sentence);
  REQUIRE(verifications.size() == 1);
  return std::move(verifications[0]);
}

VerificationResult JudgedBy(const std::string& text,
                            const std::vector<Journal1>& journals = Four()) {
  return Evaluate(ReadVerificationOf(text), journals);
}

// "", when it is met; "not yet: ", "never: " and the sentence, when it is not.
std::string Unmet(const std::string& text, const std::vector<Journal1>& journals = Four()) {
  const VerificationResult judgement = JudgedBy(text, journals);
  CHECK(judgement.is_met == judgement.sentence.empty());
  // Whoever waits is told the same, entry by entry. How clients retried is judged at the end.
  std::vector<const journal::JournalEntry*> entries;
  for (const auto& journal : journals)
    for (const journal::RecordedEntry& kept : journal) entries.push_back(&kept.entry);
  std::sort(
      entries.begin(), entries.end(),
      [](const journal::JournalEntry* a, const journal::JournalEntry* b) { return a->id < b->id; });
  ClaimEvaluator evaluator(ReadVerificationOf(text));
  for (const journal::JournalEntry* entry : entries) evaluator.Observe(*entry);
  const bool is_of_retries = text.find("retries") != std::string::npos;
  CHECK(evaluator.IsMet() == (judgement.is_met || is_of_retries));
  CHECK((evaluator.CanBeMet() || !judgement.is_met));
  if (judgement.is_met) return "";
  return (evaluator.CanBeMet() && !is_of_retries ? "not yet: " : "never: ") + judgement.sentence;
}

std::vector<std::string> Defects(const std::string& text) {
  std::vector<std::string> sentences;
  const auto verifications = ReadVerificationText(text, sentences);
  CHECK(verifications.empty() == !sentences.empty());
  return sentences;
}
std::string Defect(const std::string& text) {
  const auto sentences = Defects(text);
  REQUIRE_MESSAGE(sentences.size() == 1, text);
  return sentences[0];
}

}  // namespace

TEST_CASE("a count without numbers wants one or more") {
  CHECK(Unmet(R"({"match": {"status": 200}})") == "");
  CHECK(Unmet(R"({"match": {"status": 200}, "count": {}})") == "");
  CHECK(JudgedBy(R"({"match": {"status": 200}})").found == 2);
  CHECK(JudgedBy(R"({"match": {"status": 200}})").ids == std::vector<uint64_t>{5, 8});
  CHECK(Unmet(R"({"match": {"status": 429}})")
            .starts_with("not yet: 0 requests fit; wanted: "
                         "at least 1. Nearest"));
}

TEST_CASE("at least, at most, both, exactly; too many can never be met again") {
  const auto unmet = [](const std::string& count) {
    return Unmet(R"({"match": {"status": 200}, "count": )" + count + "}").substr(0, 45);
  };
  CHECK(unmet(R"({"atLeast": 2})") == "");
  CHECK(unmet(R"({"atLeast": 3})").starts_with("not yet: 2 requests fit; wanted: at least 3. "));
  CHECK(unmet(R"({"atLeast": 0})") == "");
  CHECK(unmet(R"({"atMost": 2})") == "");
  CHECK(unmet(R"({"atMost": 1})") == "never: 2 requests fit; wanted: at most 1.");
  CHECK(unmet(R"({"atMost": 0})") == "never: 2 requests fit; wanted: 0.");
  CHECK(unmet(R"({"atLeast": 1, "atMost": 2})") == "");
  CHECK(unmet(R"({"atLeast": 0, "atMost": 1})") == "never: 2 requests fit; wanted: at most 1.");
  CHECK(unmet(R"({"atLeast": 3, "atMost": 5})").starts_with("not yet: 2 requests fit; wanted: 3 "));
  CHECK(unmet(R"({"exactly": 2})") == "");
  CHECK(unmet(R"({"exactly": 1})") == "never: 2 requests fit; wanted: 1.");
  CHECK(unmet(R"({"exactly": 3})").starts_with("not yet: 2 requests fit; wanted: 3."));
  CHECK(Unmet(R"({"match": {"path": "/c"}, "count": {"atMost": 0}})") == "");
  CHECK(Unmet(R"({"match": {"path": "/b"}, "count": {"exactly": 0}})") ==
        "never: 1 request fits; wanted: 0.");
}

TEST_CASE("at most alone is met by none at all") {
  CHECK(Unmet(R"({"match": {"status": 500}, "count": {"atMost": 3}})") == "");
  CHECK(Unmet(R"({"match": {}, "count": {"atMost": 3}})", {}) == "");
}

TEST_CASE("what came nearest differs in fewest members; of several it is the latest") {
  CHECK(Unmet(R"({"match": {"status": 404, "path": "/a"}})") ==
        "not yet: 0 requests fit; wanted: at least 1. Nearest came request 9: path was /b, not "
        "/a.");
  CHECK(Unmet(R"({"match": {"status": 429, "path": "/a", "client": "other"}})") ==
        "not yet: 0 requests fit; wanted: at least 1. Nearest came request 8: status was 200, not "
        "429; client was app, not other.");
  CHECK(Unmet(R"({"match": {"status": 404}, "count": {"atLeast": 2}})") ==
        "not yet: 1 request fits; wanted: at least 2. Nearest came request 8: status was 200, not "
        "404.");
  CHECK(Unmet(R"({"match": {"status": 404}})", {}) ==
        "not yet: 0 requests fit; wanted: at least 1.");
  const VerificationResult none = JudgedBy(R"({"match": {}})", {});
  CHECK(none.nearest == 0);
  CHECK(none.differs.empty());
}

TEST_CASE("too many are told without what came nearest") {
  const VerificationResult judgement =
      JudgedBy(R"({"match": {"status": 200}, "count": {"atMost": 1}})");
  CHECK(judgement.nearest == 0);
  CHECK_FALSE(judgement.report().contains("nearest"));
}

TEST_CASE("a sequence may have others in between, and no step counts twice") {
  CHECK(Unmet(R"({"sequence": [{"status": 401}, {"status": 404}]})") == "");
  CHECK(Unmet(R"({"sequence": [{"status": 200}, {"status": 200}]})") == "");
  CHECK(JudgedBy(R"({"sequence": [{}, {}, {}, {}]})").ids == std::vector<uint64_t>{3, 5, 8, 9});
  CHECK(Unmet(R"({"sequence": [{"status": 200}, {"status": 200}, {"status": 200}]})") ==
        "not yet: No request fits step 3 of 3 after request 8. Nearest came request 9: status was "
        "404, not 200.");
  CHECK(Unmet(R"({"sequence": [{"status": 404}, {"status": 401}]})") ==
        "not yet: No request fits step 2 of 2 after request 9.");
  CHECK(Unmet(R"({"sequence": [{"status": 429}]})") ==
        "not yet: No request fits step 1 of 1. Nearest came request 9: status was 404, not 429.");
  CHECK(JudgedBy(R"({"sequence": [{"status": 404}, {"status": 401}]})").found == 1);
}

TEST_CASE("since: only later requests count") {
  CHECK(JudgedBy(R"({"match": {}, "since": 0})").found == 4);
  CHECK(JudgedBy(R"({"match": {}, "since": 5})").ids == std::vector<uint64_t>{8, 9});
  CHECK(Unmet(R"({"match": {"status": 401}, "since": 3})").starts_with("not yet: 0"));
  CHECK(Unmet(R"({"sequence": [{"status": 200}, {"status": 200}], "since": 5})")
            .starts_with("not yet: No request fits step 2 of 2 after request 8."));
  CHECK(Unmet(R"({"match": {}, "since": 9223372036854775807})").starts_with("not yet: 0"));
}

TEST_CASE("none came back early: for ever unmet when one did") {
  const http::Headers after{{"retry-after", "30"}};
  const std::string text = R"({"retries": "none-early"})";
  CHECK(Unmet(text) == "");
  CHECK(Unmet(text, {}) == "");
  CHECK(Unmet(text, {{Entry(1, 429, "/a", after)}}) == "");
  CHECK(Unmet(text, {{Entry(1, 429, "/a", after), Entry(2, 200, "/a", {}, kNoon + 30s)}}) == "");
  const std::vector<Journal1> early{{Entry(1, 429, "/a", after),
                                     Entry(2, 429, "/a", after, kNoon + 1500ms),
                                     Entry(3, 200, "/a", {}, kNoon + 2s)}};
  CHECK(Unmet(text, early) ==
        "never: Request 2 came back after 1.5 s, though request 1 was told to wait 30 s.");
  CHECK(JudgedBy(text, early).ids == std::vector<uint64_t>{2, 3});
  CHECK(JudgedBy(R"({"retries": "none-early", "since": 1})", early).ids ==
        std::vector<uint64_t>{3});
  CHECK(Unmet(R"({"retries": "none-early", "since": 2})", early) == "");
}

TEST_CASE("several Worlds are judged together, by id; a return is of one World") {
  const std::vector<Journal1> two{{Entry(2, 429, "/a", {{"retry-after", "9"}}), Entry(7, 404)},
                                  {Entry(4, 200), Entry(9, 200)}};
  CHECK(JudgedBy(R"({"match": {}})", two).ids == std::vector<uint64_t>{2, 4, 7, 9});
  CHECK(Unmet(R"({"sequence": [{"status": 200}, {"status": 404}, {"status": 200}]})", two) == "");
  CHECK(JudgedBy(R"({"retries": "none-early"})", two).ids == std::vector<uint64_t>{7});
}

TEST_CASE("of the ids the first hundred are told, the count is of all") {
  Journal1 many;
  for (uint64_t id = 1; id <= 150; ++id) many.push_back(Entry(id, 200));
  const VerificationResult judgement = JudgedBy(R"({"match": {}})", {many});
  CHECK(judgement.found == 150);
  CHECK(judgement.ids.size() == 100);
  CHECK(judgement.ids.back() == 100);
}

TEST_CASE("a report says all of it, with the verification as it was written") {
  CHECK(JudgedBy(R"({"count": {"atLeast": 1}, "match": {"status": "4xx", "path": "/b"}})")
            .report()
            .dump() == R"({"passed":true,"count":1,"ids":[9],"verification":)"
                       R"({"count":{"atLeast":1},"match":{"path":"/b","status":"4xx"}}})");
  CHECK(
      JudgedBy(R"({"match": {"path": "/b", "status": 200}})").report().dump() ==
      R"({"passed":false,"sentence":"0 requests fit; wanted: at least 1. Nearest came request 9: )"
      R"(status was 404, not 200.","count":0,"ids":[],"nearest":{"id":9,"differs":)"
      R"([{"member":"status","expected":"200","found":"404"}]},"verification":)"
      R"({"match":{"path":"/b","status":200}}})");
}

TEST_CASE("a list is read in its order") {
  std::vector<std::string> sentences;
  const auto read = ReadVerificationText(
      R"([{"match": {}}, {"sequence": [{}], "since": 4}, {"retries": "none-early"}])", sentences);
  CHECK(sentences.empty());
  REQUIRE(read.size() == 3);
  CHECK(std::holds_alternative<CountClaim>(read[0].claim));
  CHECK(std::holds_alternative<SequenceClaim>(read[1].claim));
  CHECK(read[1].since == 4);
  CHECK(std::holds_alternative<NoEarlyRetryClaim>(read[2].claim));
}

TEST_CASE("every defect is a sentence with its place") {
  const std::string one_of = "has to have one of match, sequence and retries, and no other.";
  CHECK(Defect("{}") == "/: " + one_of);
  CHECK(Defect(R"({"since": 1})") == "/: " + one_of);
  CHECK(Defect(R"([{"match": {}}, {"match": {}, "sequence": [{}]}])") == "/1: " + one_of);
  CHECK(Defect(R"({"retries": "none-early", "match": {}})") == "/: " + one_of);
  CHECK(Defect(R"({"retries": "none-early", "count": {}})") == "/count: is for match alone.");
  CHECK(Defect(R"([{"sequence": [{}], "count": {"exactly": 1}}])") ==
        "/0/count: is for match alone.");
  CHECK(Defect(R"({"match": {}, "count": {"atLeast": 3, "atMost": 2}})") ==
        "/count: can never be: atLeast is above atMost.");
  CHECK(Defect(R"({"match": {"headers": {"a/b": 3}}})") ==
        "/match/headers/a~1b: is 3; wanted: a text, or null.");
  CHECK(Defect(R"([{"sequence": [{}, {"query": {"q": ["x"]}}]}])") ==
        "/0/sequence/1/query/q: is [\"x\"]; wanted: a text, or null.");
  CHECK(Defects(R"([{}, {"match": {"headers": {"a": 1, "b": true, "c": null}}}])").size() == 3);
}

TEST_CASE("exactly beside at least or at most was read as if these were not there") {
  const std::string defect = "/count: has exactly beside another member; exactly stands alone.";
  CHECK(Defect(R"({"match": {}, "count": {"exactly": 2, "atMost": 1}})") == defect);
  CHECK(Defect(R"({"match": {}, "count": {"exactly": 2, "atLeast": 2}})") == defect);
}

TEST_CASE("what has not the shape is refused by the contract's words") {
  CHECK(Defect(R"({"mtach": {}})").find("Did you mean \"match\"?") != std::string::npos);
  CHECK(Defect(R"([{"match": {"method": 3}}])").starts_with("/0/match/method: is 3; wanted: "));
  CHECK(Defect(R"({"match": {}, "count": {"atLeast": -1}})").starts_with("/count/atLeast: is -1"));
  CHECK(
      Defect(R"({"match": {}, "count": {"exactly": 1.5}})").starts_with("/count/exactly: is 1.5"));
  CHECK(Defect(R"({"match": {}, "since": "3"})").starts_with("/since: is \"3\""));
  CHECK(Defect(R"({"retries": "some"})").starts_with("/retries: is \"some\""));
  CHECK(Defect(R"({"sequence": []})").starts_with("/sequence: "));
  CHECK(Defects("[]").size() == 1);
  CHECK(Defects("3").size() == 1);
}

TEST_CASE("what is no JSON is told by its line") {
  CHECK(Defect("{\n\"match\": }").starts_with("line 2: is not JSON"));
  CHECK(Defect(R"({"match": {}, "match": {}})").starts_with("line 1: "));
  CHECK(Defects("").size() == 1);
}
