#include "control/responses.h"

#include <nlohmann/json.hpp>

#include "support/test_emulator.h"

using namespace emulator;
using namespace emulator::control;
using nlohmann::json;

namespace {

http::Request RequestWithBody(const std::string& body) {
  return {.method = "PUT", .target = "/_emulator/clock", .body = body};
}

}  // namespace

TEST_CASE("a body that fits its schema is read; an empty one is an empty object") {
  const auto read = ReadBody(RequestWithBody(R"({"seconds": 1.5})"), "ClockAdvance");
  REQUIRE(std::holds_alternative<json>(read));
  CHECK(std::get<json>(read)["seconds"] == 1.5);
  for (const char* blank : {"", " \r\n\t"}) {
    const auto empty = ReadBody(RequestWithBody(blank), "SandboxSetting");
    REQUIRE(std::holds_alternative<json>(empty));
    CHECK(std::get<json>(empty) == json::object());
  }
}

TEST_CASE("a body that is not JSON is a 400, one that does not fit its schema a 422") {
  const auto malformed = ReadBody(RequestWithBody("{\n,"), "ClockAdvance");
  REQUIRE(std::holds_alternative<http::Response>(malformed));
  CHECK(std::get<http::Response>(malformed).status == 400);
  CHECK(MessageOf(std::get<http::Response>(malformed)).starts_with("Line 2 of the body is not"));

  const auto invalid = ReadBody(RequestWithBody(R"({"seconds": -1, "x": 1})"), "ClockAdvance");
  REQUIRE(std::holds_alternative<http::Response>(invalid));
  CHECK(std::get<http::Response>(invalid).status == 422);
  CHECK(BodyOf(std::get<http::Response>(invalid))["error"]["details"].size() == 2);
}

TEST_CASE("a call without body accepts none, blanks and an empty object") {
  for (const char* body : {"", " \n", "{}", " {} \n"})
    CHECK_FALSE(RefuseBody(RequestWithBody(body)).has_value());
  for (const char* body : {"{ }", "[]", "x", "{}{}"}) {
    const auto response = RefuseBody(RequestWithBody(body));
    REQUIRE_MESSAGE(response.has_value(), body);
    CHECK(response->status == 422);
    CHECK(MessageOf(*response) ==
          "The body is not allowed: this call takes no body. Leave it out.");
  }
}

TEST_CASE("the message has the first violation, the details have all") {
  const json error =
      BodyOf(InvalidBodyResponse({{"/a", "is 1; wanted: 2."}, {"", "is empty."}}))["error"];
  CHECK(error["message"] == "The body's /a is 1; wanted: 2.");
  CHECK(error["target"] == "/a");
  REQUIRE(error["details"].size() == 2);
  CHECK(error["details"][1]["message"] == "is empty.");
}

TEST_CASE("an unknown item is a 404 that suggests the nearest name") {
  const http::Response response = UnknownItemResponse("client", "ap", {"app", "other"});
  CHECK(response.status == 404);
  CHECK(MessageOf(response) == "There is no client \"ap\". Did you mean \"app\"?");
  CHECK(MessageOf(UnknownItemResponse("run", "x")) == "There is no run \"x\".");
}

TEST_CASE("an invalid query parameter is a 422 that names it") {
  const http::Response response = InvalidQueryResponse("limit", "x", "a number");
  CHECK(response.status == 422);
  CHECK(MessageOf(response) == "The query parameter \"limit\" is \"x\"; wanted: a number.");
  CHECK(BodyOf(response)["error"]["target"] == "limit");
}
