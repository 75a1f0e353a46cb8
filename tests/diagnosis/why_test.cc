#include "diagnosis/why.h"

#include <algorithm>

#include "diagnosis/recorded_answer.h"

using namespace emulator;
using namespace emulator::diagnosis;

TEST_CASE("a success passes eight gates; each step has what was expected and found") {
  TestEmulator ask;
  const RecordedAnswer answer = Record(ask, kExamplePath, "reader-token");
  const Why why = Explain(answer.recorded.entry);
  struct Passed {
    const char* name;
    std::string expected, found;
  };
  const std::string quoted = "\"" + kExampleId + "\"";
  const Passed gates[] = {
      {"route", "a path and a method that the emulator serves",
       "GET " + kExamplePath + ", which is get-export-connection"},
      {"fault", "no planned fault for this call, and no Prefer: code=", "none"},
      {"authenticate", "a token that is valid at 2026-11-24T12:00:00.000Z, of a registered client",
       "the token reader of the client premium-app, for the user reader"},
      {"scope", "the scope itwin-platform, or in the edition page export:read", "export:read"},
      {"rate-limit", "at most 5000 calls of the client premium-app in 60 s", "call 1"},
      {"look-up", "a connection with the id " + quoted, "the connection"},
      {"permission", "a user who may read " + quoted, "the user reader, who may"},
      {"render", "an answer", "200"},
  };
  REQUIRE(why.steps.size() == std::size(gates));
  for (size_t i = 0; i < why.steps.size(); ++i) {
    INFO(gates[i].name);
    CHECK(Name(why.steps[i].gate) == gates[i].name);
    CHECK(why.steps[i].verdict == Step::Verdict::kPassed);
    CHECK(why.steps[i].expected == gates[i].expected);
    CHECK(why.steps[i].found == gates[i].found);
    CHECK_FALSE(why.steps[i].citation.sentence.empty());
  }
  CHECK(why.reason == nullptr);
  CHECK(why.summary == "200 at the gate render.");
}

TEST_CASE("a client without a limit passes the gate rate-limit") {
  TestEmulator ask;
  REQUIRE(ask("PUT", "/_emulator/rate-limit/premium-app", "\"off\"").status == 200);
  const RecordedAnswer answer = Record(ask, kExamplePath, "reader-token");
  const Step step = Explain(answer.recorded.entry).steps[4];
  CHECK(step.expected == "no limit for this client");
  CHECK(step.found == "none");
}

TEST_CASE("the explanation of a refusal includes the gates before it") {
  TestEmulator ask;
  const RecordedAnswer answer =
      Record(ask, "/export/connections/private-connection", "reader-token");
  const Why why = Explain(answer.recorded.entry);
  REQUIRE(why.steps.size() == 7);
  CHECK(why.steps[5].found == "the connection");
  CHECK(why.steps[4].found == "call 1");
}

TEST_CASE("an empty Authorization is not reported as another scheme") {
  TestEmulator ask;
  const RecordedAnswer answer = Record(ask, WithHeader(Get(kExamplePath), "Authorization", ""));
  CHECK(Explain(answer.recorded.entry).steps.back().found == "an empty header");
}

TEST_CASE("a fault that only delays is a step, and the later gates decide") {
  TestEmulator ask;
  REQUIRE(ask("POST", "/_emulator/faults", R"({"then": {"delayMs": 5}})").status == 201);
  const RecordedAnswer passed = Record(ask, kExamplePath, "reader-token");
  const Why why = Explain(passed.recorded.entry);
  REQUIRE(why.steps.size() == 8);
  CHECK(why.steps[1].verdict == Step::Verdict::kFault);
  CHECK(why.steps[1].found == "planned fault 1, which leaves the decision to the other gates");
  CHECK(why.steps.back().verdict == Step::Verdict::kPassed);

  const RecordedAnswer refused = Record(ask, kExamplePath, "expired-token");
  const Why other = Explain(refused.recorded.entry);
  REQUIRE(other.steps.size() == 3);
  CHECK(other.steps[1].verdict == Step::Verdict::kFault);
  CHECK(other.steps[2].verdict == Step::Verdict::kRefused);
  CHECK(other.reason == &api::reasons::kTokenExpired);
}

TEST_CASE("regression: the gate render of a delayed answer cited the fault") {
  TestEmulator ask;
  REQUIRE(ask("POST", "/_emulator/faults", R"({"then": {"delayMs": 5}})").status == 201);
  const RecordedAnswer answer = Record(ask, kExamplePath, "reader-token");
  const Why why = Explain(answer.recorded.entry);
  CHECK(why.steps.back().citation.sentence == api::citations::kOperation.sentence);
  CHECK(why.steps[1].citation.sentence == api::reasons::kFaultPlanned.citation.sentence);
}

TEST_CASE("a connection that a fault broke has no status") {
  TestEmulator ask;
  REQUIRE(
      ask("POST", "/_emulator/faults", R"({"then": {"connection": "EMPTY_RESPONSE"}})").status ==
      201);
  const RecordedAnswer answer = Record(ask, kExamplePath, "reader-token");
  CHECK(Explain(answer.recorded.entry).summary == "no answer at the gate fault: fault-planned.");
}

TEST_CASE("the text has one line for each gate") {
  TestEmulator ask;
  const RecordedAnswer answer = Record(ask, "/export/connections/none", "reader-token");
  const std::string text = WriteWhy(answer.recorded.entry);
  CHECK(text.starts_with(
      "#" + std::to_string(answer.recorded.entry.id) +
      "  GET /export/connections/none\n"
      "    404 at the gate look-up: connection-unknown.\n"
      "  passed   route: expected a path and a method that the emulator serves; found "
      "GET /export/connections/none, which is get-export-connection\n"));
  CHECK(
      Contains(text,
               "  refused  look-up: expected a connection with the id \"none\"; found none\n"
               "           [D] the page Get Export Connection: \"This response indicates that the "
               "specified connection was not found.\"\n"
               "  hint: "));
}

TEST_CASE("the text has no control characters of an id or a header") {
  TestEmulator ask;
  // BEL, ESC, a line feed, DEL; and U+009B, which begins a control sequence as ESC [ does.
  http::Request request = Get("/export/connections/%07%1B%5B31m%0A%7F%C2%9B%C3%A4", "reader-token");
  request.headers.Add("Accept", "\x1b[2J\xc2\x9b");
  const RecordedAnswer answer = Record(ask, request);
  const std::string text = WriteWhy(answer.recorded.entry);
  CHECK(Contains(text, "\"??[31m???\xc3\xa4\""));
  CHECK(Contains(text, "the request has ?[2J?."));
  for (const char c : text) {
    CHECK((static_cast<unsigned char>(c) >= ' ' || c == '\n'));
    CHECK(c != '\x7f');
  }
  CHECK_FALSE(Contains(text, "\xc2\x9b"));
  CHECK(std::count(text.begin(), text.end(), '\n') == 12);
}
