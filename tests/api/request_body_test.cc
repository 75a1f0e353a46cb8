#include "api/request_body.h"

#include <doctest/doctest.h>

#include <array>

using namespace emulator;
using namespace emulator::api;

namespace {

// "code target" of each detail.
std::string DefectsTold(const RequestBody& body) {
  std::string text;
  for (const ErrorDetail& detail : body.invalid())
    text.append(text.empty() ? "" : ", ").append(detail.code).append(" ").append(detail.target);
  return text;
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
  const auto details = [&](const std::string& object) {
    RequestBody body("{\"o\": " + object + "}");
    body.Object("o", kMembers);
    return DefectsTold(body);
  };
  CHECK(details(R"({"text": "x", "flag": true, "list": ["a"], "other": 1})").empty());
  CHECK(details("{}").empty());
  CHECK(details("null").empty());
  CHECK(details(R"({"text": null})").empty());
  CHECK(details("[]") == "InvalidValue o");
  CHECK(details(R"({"text": 1, "flag": "x"})") == "InvalidValue o.text, InvalidValue o.flag");
  for (const char* list : {"[]", "[1]", "\"a\"", R"(["a", 1])"})
    CHECK(details(std::string("{\"list\": ") + list + "}") == "InvalidValue o.list");
}
