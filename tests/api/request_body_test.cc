#include "api/request_body.h"

#include <doctest/doctest.h>

#include <array>

using namespace emulator;
using namespace emulator::api;

namespace {

// "code target" of each thing that is wrong.
std::string DefectsTold(const RequestBody& body) {
  std::string told;
  for (const ErrorDetail& detail : body.invalid())
    told.append(told.empty() ? "" : ", ").append(detail.code).append(" ").append(detail.target);
  return told;
}

}  // namespace

TEST_CASE("a body that is not a JSON object is one invalid value, without details of members") {
  for (const char* text : {"", "x", "[]", "3", "null", "{\"a\": 1, \"a\": 2}", "{\"a\":"}) {
    RequestBody body(text);
    CHECK(body.RequiredText("a").empty());
    CHECK(body.invalid().size() == 1);
    CHECK(body.invalid()[0].message == "Provided request body value is not valid.");
  }
}

TEST_CASE("details name strings that are missing or not strings") {
  RequestBody body(R"({"a": "x", "b": 3, "c": null, "more": []})");
  CHECK(body.RequiredText("a") == "x");
  CHECK(body.RequiredText("b").empty());
  CHECK(body.RequiredText("c").empty());
  CHECK(body.Text("d").empty());
  CHECK(DefectsTold(body) == "InvalidValue b, MissingRequiredProperty c");
}

TEST_CASE("a choice accepts exactly its values") {
  constexpr std::array<std::string_view, 2> kChoices{"User", "Service"};
  RequestBody body(R"({"a": "User", "b": "user", "c": 1})");
  CHECK(body.Choice("a", kChoices) == "User");
  CHECK(body.Choice("b", kChoices).empty());
  CHECK(body.Choice("c", kChoices).empty());
  CHECK(body.Choice("d", kChoices).empty());
  CHECK(DefectsTold(body) == "InvalidValue b, InvalidValue c");
}

TEST_CASE("the types of an object's known members are checked; others are ignored") {
  using Member = RequestBody::Member;
  constexpr Member kMembers[] = {
      {"text", Member::kText}, {"flag", Member::kBoolean}, {"list", Member::kTexts}};
  const auto told = [&](const std::string& object) {
    RequestBody body("{\"o\": " + object + "}");
    body.Object("o", kMembers);
    return DefectsTold(body);
  };
  CHECK(told(R"({"text": "x", "flag": true, "list": ["a"], "other": 1})").empty());
  CHECK(told("{}").empty());
  CHECK(told("null").empty());
  CHECK(told(R"({"text": null})").empty());
  CHECK(told("[]") == "InvalidValue o");
  CHECK(told(R"({"text": 1, "flag": "x"})") == "InvalidValue o.text, InvalidValue o.flag");
  for (const char* list : {"[]", "[1]", "\"a\"", R"(["a", 1])"})
    CHECK(told(std::string("{\"list\": ") + list + "}") == "InvalidValue o.list");
}
