#include "control/fault_plans.h"

#include "base/strict_json.h"
#include "support/world.h"

using namespace emulator;
using namespace emulator::control;
using namespace std::chrono_literals;
using nlohmann::json;

namespace {

const JsonSchema& FaultSchema() {
  static const JsonSchema kSchema(embedded::kControlApi, "/components/schemas/Fault");
  return kSchema;
}

// All errors, a line each: "POINTER: SENTENCE". Like the control API: first the schema, then the
// plan.
std::string PlanErrorsOf(const std::string& text) {
  const json plan = ParseStrictJson(text);
  auto errors = FaultSchema().Validate(plan);
  if (errors.empty()) try {
      ReadFault(plan);
    } catch (const FaultPlanError& error) {
      errors = error.violations();
      CHECK_FALSE(errors.empty());
    }
  std::string lines;
  for (const SchemaViolation& violation : errors)
    lines += violation.pointer + ": " + violation.sentence + "\n";
  return lines;
}

world::Fault PlannedFault(const std::string& text) {
  INFO(text);
  REQUIRE(PlanErrorsOf(text) == "");
  return ReadFault(ParseStrictJson(text));
}
world::Fault ReadThen(const std::string& then) {
  return PlannedFault(R"({"then": )" + then + "}");
}
http::Response AnswerOf(const std::string& then) {
  return ReadThen(then).then.answer.value();
}

std::string Calls(const std::string& when) {
  const world::Fault fault = PlannedFault(R"({"when": )" + when + R"(, "then": {"delayMs": 1}})");
  world::Faults faults;
  faults.Add(fault);
  std::string hit;
  for (int i = 0; i < 8; ++i) hit += faults.Match({}) ? 'y' : '-';
  return hit;
}

}  // namespace

TEST_CASE("the faults that docs/faults.md shows are valid") {
  const std::string page = ReadFile(SourceFolder() + "/docs/faults.md");
  const std::string fence = "```json fault\n";
  size_t shown = 0;
  for (size_t at = page.find(fence); at != std::string::npos; at = page.find(fence, at + 1)) {
    const size_t start = at + fence.size();
    PlannedFault(page.substr(start, page.find("```", start) - start));
    ++shown;
  }
  CHECK(shown > 0);
}

TEST_CASE("the match of a fault is read") {
  const world::FaultMatch match =
      PlannedFault(
          R"({"match": {"method": "GET", "path": "/export/*", "operation": "get-export-connection",
               "connectionId": "c", "client": "a"}, "then": {"delayMs": 1}})")
          .match;
  CHECK(match.method == "GET");
  CHECK(match.path == "/export/*");
  CHECK(match.operation == "get-export-connection");
  CHECK(match.connection_id == "c");
  CHECK(match.client == "a");
  const world::FaultMatch all =
      PlannedFault(R"({"match": {}, "when": {}, "then": {"delayMs": 1}})").match;
  CHECK_FALSE(all.method.has_value());
  CHECK_FALSE(all.path.has_value());
  CHECK_FALSE(all.operation.has_value());
  CHECK_FALSE(all.connection_id.has_value());
  CHECK_FALSE(all.client.has_value());
}

TEST_CASE("calls, times and probability select the calls of a fault") {
  CHECK(Calls("{}") == "yyyyyyyy");
  CHECK(Calls(R"({"calls": "3"})") == "--y-----");
  CHECK(Calls(R"({"calls": "3-5"})") == "--yyy---");
  CHECK(Calls(R"({"calls": "2,4-6"})") == "-y-yyy--");
  CHECK(Calls(R"({"calls": "2, 4 - 6, 8-"})") == "-y-yyy-y");
  CHECK(Calls(R"({"calls": "3-"})") == "--yyyyyy");
  CHECK(Calls(R"({"times": 2})") == "yy------");
  CHECK(Calls(R"({"probability": 0})") == "--------");
  CHECK(Calls(R"({"probability": 1, "seed": 4})") == "yyyyyyyy");
  const world::FaultWhen when =
      PlannedFault(R"({"when": {"probability": 0.5, "seed": 4}, "then": {"delayMs": 1}})").when;
  CHECK(when.probability == 0.5);
  CHECK(when.seed == 4);
}

TEST_CASE("a refusal is the error of that name, and a 429 has a retry-after") {
  const http::Response limited = AnswerOf(R"({"refusal": "TooManyRequests"})");
  CHECK(limited.status == 429);
  CHECK(limited.body == Golden("get-export-connection", 429));
  CHECK(HeaderOf(limited, "retry-after") == "1");
  CHECK(HeaderOf(AnswerOf(R"({"refusal": "TooManyRequests", "retryAfter": 30})"), "retry-after") ==
        "30");
  const http::Response busy = AnswerOf(R"({"status": 503})");
  CHECK(busy.status == 503);
  CHECK(HeaderOf(busy, "retry-after") == "(none)");
  for (const std::string& name : api::ApiErrorNames())
    CHECK(AnswerOf(R"({"refusal": ")" + name + R"("})").body ==
          api::Refuse(*api::FindApiError(name)).body);
}

TEST_CASE("a fault can have an answer of its own") {
  const http::Response text = AnswerOf(
      R"({"status": 502, "headers": {"Content-Type": "text/plain", "X-A": "b, c"}, "body": "bad"})");
  CHECK(text.status == 502);
  CHECK(text.body == "bad");
  CHECK(HeaderOf(text, "content-type") == "text/plain");
  CHECK(HeaderOf(text, "x-a") == "b, c");

  const http::Response bare = AnswerOf(R"({"status": 500})");
  CHECK(bare.body.empty());
  CHECK(bare.headers.begin() == bare.headers.end());

  const http::Response object = AnswerOf(R"({"status": 200, "body": {"a": [1, "ü"]}})");
  CHECK(object.body == R"({"a":[1,"ü"]})");
  CHECK(HeaderOf(object, "Content-Type") == "application/json");
  CHECK(AnswerOf(R"({"status": 200, "body": []})").body == "[]");
  const http::Response problem = AnswerOf(
      R"({"status": 400, "headers": {"content-type": "application/problem+json"}, "body": {}})");
  CHECK(problem.headers.Count("Content-Type") == 1);
  CHECK(HeaderOf(problem, "Content-Type") == "application/problem+json");

  CHECK(HeaderOf(AnswerOf(R"({"status": 503, "retryAfter": 7})"), "retry-after") == "7");
  CHECK(HeaderOf(AnswerOf(R"({"status": 429})"), "retry-after") == "(none)");
}

TEST_CASE("delays are fixed, uniform or lognormal") {
  CHECK(std::get<std::chrono::milliseconds>(ReadThen(R"({"delayMs": 250})").then.delay) == 250ms);
  const auto uniform = std::get<world::UniformDelay>(
      ReadThen(R"({"delayMs": {"uniform": [0, 600000]}})").then.delay);
  CHECK(uniform.min == 0ms);
  CHECK(uniform.max == 10min);
  const auto lognormal = std::get<world::LognormalDelay>(
      ReadThen(R"({"delayMs": {"lognormal": {"median": 80, "sigma": 0.4}}})").then.delay);
  CHECK(lognormal.median == 80ms);
  CHECK(lognormal.sigma == 0.4);
  CHECK(ReadThen(R"({"slowBodyMs": 300})").then.body_time == 300ms);
  CHECK(PlannedFault(R"({"when": {"seed": 9}, "then": {"delayMs": {"uniform": [1, 2]}}})")
            .when.seed == 9);
}

TEST_CASE("every connection fault and every tampering has a name") {
  const auto connection_fault = [](const char* name) {
    return ReadThen(R"({"connection": ")" + std::string(name) + R"("})").then.connection_fault;
  };
  CHECK(connection_fault("CONNECTION_RESET_BY_PEER") == http::ConnectionFault::kConnectionReset);
  CHECK(connection_fault("EMPTY_RESPONSE") == http::ConnectionFault::kEmptyResponse);
  CHECK(connection_fault("MALFORMED_RESPONSE_CHUNK") ==
        http::ConnectionFault::kMalformedResponseChunk);
  CHECK(connection_fault("RANDOM_DATA_THEN_CLOSE") == http::ConnectionFault::kRandomDataThenClose);
  const auto tampering = [](const char* name) {
    return ReadThen(R"({"tamper": ")" + std::string(name) + R"("})").then.tampering;
  };
  CHECK(tampering("no-retry-after") == world::Tampering::kNoRetryAfter);
  CHECK(tampering("retry-after-zero") == world::Tampering::kRetryAfterZero);
  CHECK(tampering("retry-after-date") == world::Tampering::kRetryAfterDate);
  CHECK(tampering("no-body") == world::Tampering::kNoBody);
  CHECK(tampering("html-body") == world::Tampering::kHtmlBody);
}

TEST_CASE("members of a fault can be combined") {
  CHECK(ReadThen(R"({"refusal": "TooManyRequests", "retryAfter": 9, "tamper": "retry-after-date",
                     "delayMs": 5, "slowBodyMs": 6})")
            .then.tampering == world::Tampering::kRetryAfterDate);
  CHECK(ReadThen(R"({"connection": "EMPTY_RESPONSE", "delayMs": 5})").then.connection_fault ==
        http::ConnectionFault::kEmptyResponse);
  CHECK(ReadThen(R"({"status": 500, "tamper": "html-body"})").then.answer->status == 500);
}

TEST_CASE("an error of a plan has its place and what is expected") {
  const std::pair<const char*, const char*> rows[] = {
      // By the schema.
      {R"([])", ": is a list; wanted: a fault"},
      {R"({})", ": the member \"then\" is missing; add an object with at least one of refusal"},
      {R"({"then": {}})", "/then: is empty; wanted: an object with at least one of refusal"},
      {R"({"then": {"dealyMs": 1}})",
       "/then/dealyMs: unknown member \"dealyMs\". Did you mean "
       "\"delayMs\"?"},
      {R"({"match": {"method": "get"}, "then": {"delayMs": 1}})", "Did you mean \"GET\"?"},
      {R"({"match": {"path": "export"}, "then": {"delayMs": 1}})",
       "/match/path: is \"export\"; wanted: a path such as"},
      {R"({"match": {"path": "/a?b=c"}, "then": {"delayMs": 1}})", "/match/path: is \"/a?b=c\""},
      {R"({"when": {"times": 0}, "then": {"delayMs": 1}})",
       "/when/times: is 0; wanted: the number of calls"},
      {R"({"when": {"probability": 1.5}, "then": {"delayMs": 1}})", "/when/probability: is 1.5"},
      {R"({"then": {"status": 100}})", "/then/status: is 100; wanted: a status from 200 to 599."},
      {R"({"then": {"status": 200, "headers": {"A": 1}}})", "/then/headers/A: is 1; wanted: the"},
      {R"({"then": {"status": 200, "body": 1}})", "/then/body: is 1; wanted: a string, sent as"},
      {R"({"then": {"delayMs": 600001}})", "/then/delayMs: is 600001; wanted: milliseconds"},
      {R"({"then": {"delayMs": 0}})", "/then/delayMs: is 0; wanted: milliseconds"},
      {R"({"then": {"delayMs": {"uniform": [1]}}})", "/then/delayMs: is an object; wanted: mill"},
      {R"({"then": {"delayMs": {"lognormal": {"median": 0, "sigma": 1}}}})", "/then/delayMs: is"},
      {R"({"then": {"slowBodyMs": 600001}})", "/then/slowBodyMs: is 600001"},
      {R"({"then": {"connection": "CONNECTION_RESET_BY_PER"}})",
       "Did you mean \"CONNECTION_RESET_BY_PEER\"?"},
      {R"({"then": {"lie": "no-body"}})", "Did you mean \"tamper\"?"},
      {R"({"then": {"tamper": "nobody"}})", "Did you mean \"no-body\"?"},
      // Beyond the schema.
      {R"({"match": {"operation": "get-export-conection"}, "then": {"delayMs": 1}})",
       "/match/operation: is \"get-export-conection\"; wanted: one of create-export-connection, "
       "get-export-connections, get-export-connection, "},
      {R"({"when": {"times": 1, "calls": "3"}, "then": {"delayMs": 1}})",
       "/when/times: does not go together with \"calls\"; leave one of them out."},
      {R"({"when": {"times": 1, "probability": 1}, "then": {"delayMs": 1}})", "/when/probability:"},
      {R"({"when": {"seed": 1}, "then": {"delayMs": 1}})", "/when/seed: has no effect here"},
      {R"({"then": {"refusal": "TooManyRequest"}})", "Did you mean \"TooManyRequests\"?"},
      {R"({"then": {"refusal": "x\"y"}})", R"(/then/refusal: is "x\"y"; wanted: one of Header)"},
      {R"({"then": {"refusal": "TooManyRequests", "status": 429}})",
       "/then/status: does not go together with \"refusal\""},
      {R"({"then": {"status": 429, "connection": "EMPTY_RESPONSE"}})",
       "/then/connection: does not go together with \"status\""},
      {R"({"then": {"delayMs": 1, "headers": {}}})",
       "/then/headers: is allowed only with \"status\""},
      {R"({"then": {"refusal": "Unauthorized", "body": "x"}})",
       "/then/body: is allowed only with \"status\""},
      {R"({"then": {"status": 204, "body": "x"}})", "/then/body: is not allowed with status 204"},
      {R"({"then": {"status": 500, "body": "x", "tamper": "no-body"}})", "/then/body: is not sent"},
      {R"({"then": {"retryAfter": 1}})",
       "/then/retryAfter: is allowed only with a \"refusal\" or \"status\""},
      {R"({"then": {"status": 404, "retryAfter": 1}})", "/then/retryAfter: is allowed only with"},
      {R"({"then": {"status": 429, "headers": {"RETRY-after": "1"}, "retryAfter": 1}})",
       "/then/retryAfter: is also in \"headers\""},
      {R"({"then": {"refusal": "TooManyRequests", "retryAfter": 1, "tamper": "no-retry-after"}})",
       "/then/retryAfter: is not sent with this \"tamper\""},
      {R"({"then": {"delayMs": {"uniform": [2, 1]}}})",
       "/then/delayMs/uniform: has its limits in the wrong order"},
      {R"({"then": {"connection": "EMPTY_RESPONSE", "slowBodyMs": 1}})",
       "/then/slowBodyMs: cannot alter"},
      {R"({"then": {"connection": "EMPTY_RESPONSE", "tamper": "no-body"}})",
       "/then/tamper: cannot alter"},
      {R"({"then": {"status": 200, "tamper": "no-body"}})",
       "/then/tamper: does not apply to an answer of status 2"},
      {R"({"then": {"status": 503, "tamper": "retry-after-date"}})",
       "/then/tamper: does not apply to an answer of status 503"},
  };
  for (const auto& row : rows) {
    const std::string errors = PlanErrorsOf(row.first);
    INFO(row.first << "\n" << errors << row.second);
    CHECK(errors.find(row.second) != std::string::npos);
  }
}

TEST_CASE("invalid call numbers are refused") {
  for (const char* calls : {"0", "-", "-3", "5-3", "3-0", "a", "3-5-7", "1,", ",1", "1,,2", " ",
                            "1.5", "+1", "3-x", "99999999999999999999"})
    CHECK_MESSAGE(PlanErrorsOf(R"({"when": {"calls": ")" + std::string(calls) +
                               R"("}, "then": {"delayMs": 1}})")
                          .find("/when/calls: is ") == 0,
                  calls);
}

TEST_CASE("headers that break the answer, or that the emulator sends, are refused") {
  const std::pair<const char*, const char*> rows[] = {
      {R"("a b": "c")", "/then/headers/a b: is not a header name"},
      {R"("": "c")", "/then/headers/: is not a header name"},
      {R"("a/b": "c")", "/then/headers/a~1b: is not a header name"},
      {R"("A:": "c")", "is not a header name"},
      {R"("content-length": "1")", "is a header that the emulator itself sends"},
      {R"("Transfer-Encoding": "chunked")", "is a header that the emulator itself sends"},
      {R"("CONNECTION": "close")", "is a header that the emulator itself sends"},
      {R"("Date": "x")", "is a header that the emulator itself sends"},
      {R"("X-A": "b\r\nX-B: c")", "has a line break"},
      {R"("X-A": "b\u0000")", "has a line break or another control"},
      {R"("X-A": "b", "x-a": "c")", "is given twice"},
  };
  for (const auto& row : rows) {
    const std::string errors =
        PlanErrorsOf(R"({"then": {"status": 200, "headers": {)" + std::string(row.first) + "}}}");
    INFO(errors << row.second);
    CHECK(errors.find(row.second) != std::string::npos);
  }
  CHECK(HeaderOf(AnswerOf(R"({"status": 200, "headers": {"X-A": "b\tü"}})"), "X-A") == "b\tü");
}

TEST_CASE("an unknown refusal is one error, without errors about its other members") {
  const std::string errors =
      PlanErrorsOf(R"({"then": {"refusal": "x", "retryAfter": 1, "tamper": "retry-after-date"}})");
  CHECK(std::count(errors.begin(), errors.end(), '\n') == 1);
}

TEST_CASE("all errors of a plan are reported at once") {
  const std::string errors = PlanErrorsOf(
      R"({"match": {"operation": "x"}, "when": {"calls": "x"}, "then": {"refusal": "x", "body": "x"}})");
  CHECK(std::count(errors.begin(), errors.end(), '\n') == 4);
}

TEST_CASE("a fault is rendered as it was sent, with its id and its counts") {
  const char* plan =
      R"({"when": {"times": 2}, "then": {"refusal": "TooManyRequests"}, "match": {"client": "a"}})";
  world::Faults faults;
  faults.Add(PlannedFault(plan));
  faults.Add(ReadThen(R"({"delayMs": 5})"));
  for (int i = 0; i < 3; ++i) faults.Match({.client = "a"});
  CHECK(RenderFault(faults.List()[0]).dump() ==
        R"({"id":1,"match":{"client":"a"},"when":{"times":2},"then":{"refusal":"TooManyRequests"},)"
        R"("matched":3,"applied":2})");
  CHECK(RenderFault(faults.List()[1]).dump() ==
        R"({"id":2,"then":{"delayMs":5},"matched":1,"applied":1})");
}
