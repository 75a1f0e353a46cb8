#include "api/prefer.h"

#include "support/world.h"

using namespace emulator;
using namespace emulator::api;

namespace {

// An operation whose page shows a 404 and a 429.
const Operation kWithOneExample{
    .name = "some-operation",
    .route = {"GET", "/x"},
    .scope = "export:read",
    .citation = citations::kOurs,
    .successes = {200},
    .refusals = {&errors::kConnectionNotFound, &errors::kTooManyRequests},
    .gates = {},
    .handler = nullptr,
};

std::optional<HandlerResult> Preferred(const std::vector<std::string>& fields) {
  http::Request request = Get("/x");
  for (const std::string& field : fields) request.headers.Add("Prefer", field);
  return AnswerPreference(request, kWithOneExample, {});
}

// 0: the request goes on through the gates.
int Status(const std::vector<std::string>& fields) {
  const auto outcome = Preferred(fields);
  return outcome ? outcome->response.status : 0;
}

}  // namespace

TEST_CASE("a documented status gives its error, and Preference-Applied") {
  const auto outcome = Preferred({"code=404"});
  REQUIRE(outcome);
  CHECK(outcome->response.status == 404);
  CHECK(outcome->response.body == Refuse(errors::kConnectionNotFound).body);
  CHECK(HeaderOf(outcome->response, "Preference-Applied") == "code=404");
  CHECK(HeaderOf(outcome->response, "retry-after") == "(none)");
  CHECK(outcome->reason->gate == Gate::kFault);
  CHECK(outcome->reason->code == "prefer");
}

TEST_CASE("a preferred 429 has retry-after") {
  CHECK(HeaderOf(Preferred({"code=429"})->response, "retry-after") == "1");
}

TEST_CASE("without code, and with a success status, the gates decide") {
  CHECK(Status({}) == 0);
  CHECK(Status({"code=200"}) == 0);
  CHECK(Status({"return=minimal, respond-async, wait=10"}) == 0);
  CHECK(Status({"example=code"}) == 0);
  CHECK(Status({""}) == 0);
}

TEST_CASE("an undocumented status is refused, with a list of the documented ones") {
  const auto outcome = Preferred({"code=418"});
  REQUIRE(outcome);
  CHECK(outcome->response.status == 400);
  CHECK(outcome->reason->code == "prefer-undocumented");
  CHECK(outcome->response.body.find("Documented statuses: 200, 404, 429.\"") != std::string::npos);
  CHECK(HeaderOf(outcome->response, "Preference-Applied") == "(none)");
  for (const char* code :
       {"code", "code=", "code=\"\"", "code=4xx", "code=0429", "code=429x", "code=401"})
    CHECK(Status({code}) == 400);
}

TEST_CASE("the header is parsed as RFC 7240 defines it") {
  CHECK(Status({"Code=429"}) == 429);
  CHECK(Status({"code=\"429\""}) == 429);
  CHECK(Status({R"(code="4\29")"}) == 429);
  CHECK(Status({" code = 429 "}) == 429);
  CHECK(Status({"code\t=\t\"429\""}) == 429);
  CHECK(Status({"code=429; foo=\"a, b\"; bar"}) == 429);
  CHECK(Status({"respond-async, code=429"}) == 429);
  CHECK(Status({"respond-async", "code=429"}) == 429);
  CHECK(Status({",, code=429,"}) == 429);
  CHECK(Status({R"(foo="a, code=404; \" , code=404", code=429)"}) == 429);
}

TEST_CASE("code as a parameter of another preference, or in quotes, is ignored") {
  CHECK(Status({"foo; code=429"}) == 0);
  CHECK(Status({R"(foo="code=429")"}) == 0);
  CHECK(Status({R"(foo=", code=429)"}) == 0);
  CHECK(Status({"xcode=429, code2=429"}) == 0);
}

TEST_CASE("the first of several codes counts, also across fields") {
  CHECK(Status({"code=404, code=429"}) == 404);
  CHECK(Status({"code=404", "code=429"}) == 404);
  CHECK(Status({"code=200", "code=429"}) == 0);
  CHECK(Status({"code=418", "code=429"}) == 400);
}

TEST_CASE("malformed preferences are ignored") {
  for (const char* field :
       {"=", ";", "\"", "\\", "=code", ";code=429", "\"\\", "a\"b,c", "\xff\xfe"})
    CHECK(Status({field}) == 0);
}
