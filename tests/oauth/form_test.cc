#include "oauth/form.h"

#include "oauth/reasons.h"
#include "support/world.h"

using namespace emulator;
using namespace emulator::oauth;

namespace {

Form ReadForm(const std::string& query) {
  const auto read = ReadQueryForm("?" + query);
  REQUIRE(std::holds_alternative<Form>(read));
  return std::get<Form>(read);
}
std::string_view ReasonCode(const std::string& query) {
  const auto read = ReadQueryForm("?" + query);
  REQUIRE(std::holds_alternative<const api::Reason*>(read));
  return std::get<const api::Reason*>(read)->code;
}

}  // namespace

TEST_CASE("a form is decoded; a parameter without a value counts as not sent") {
  const Form form = ReadForm("a=1&b=x+y%2Bz&c=&d&%65=5");
  CHECK(form.Text("a") == "1");
  CHECK(form.Text("b") == "x y+z");
  CHECK(form.Find("c") == nullptr);
  CHECK(form.Find("d") == nullptr);
  CHECK(form.Text("e") == "5");
  CHECK(form.Text("f").empty());
  CHECK(ReadForm("").values().empty());
}

TEST_CASE("a repeated parameter and a malformed percent sign are refused") {
  CHECK(ReasonCode("a=1&a=1") == "oauth-parameter-repeated");
  CHECK(ReasonCode("a=1&%61=2") == "oauth-parameter-repeated");
  CHECK(ReasonCode("a=%zz") == "oauth-form-malformed");
}

TEST_CASE("Content-Type decides whether a body is a form, with or without a charset") {
  http::Request request{.method = "POST", .body = "a=1"};
  CHECK_FALSE(HasFormBody(request));
  for (const char* type :
       {"application/x-www-form-urlencoded", "Application/X-WWW-Form-Urlencoded; charset=UTF-8",
        "application/x-www-form-urlencoded ;charset=utf-8"}) {
    request.headers.Set("Content-Type", type);
    CHECK_MESSAGE(HasFormBody(request), type);
  }
  for (const char* type : {"application/json", "", "application/x-www-form-urlencoded2"}) {
    request.headers.Set("Content-Type", type);
    CHECK_MESSAGE(!HasFormBody(request), type);
  }
}

TEST_CASE("parameters are appended to a URI, and to its query") {
  CHECK(WithQuery("http://a/b", {{"x", "1 &"}, {"y", ""}, {"z", "\xc3\xa9"}}) ==
        "http://a/b?x=1%20%26&z=%C3%A9");
  CHECK(WithQuery("http://a/b?c=d", {{"x", "1"}}) == "http://a/b?c=d&x=1");
  CHECK(WithQuery("http://a/b", {}) == "http://a/b");
}

TEST_CASE("scopes are words separated by single spaces, without duplicates") {
  using Words = std::vector<std::string>;
  CHECK(ReadScopes("a") == Words{"a"});
  CHECK(ReadScopes("a b a") == Words{"a", "b"});
  for (const char* text : {"", " ", "a ", " a", "a  b", "a\tb", "a\"", "a\\", "\xc3\xa9"})
    CHECK_MESSAGE(!ReadScopes(text), text);
}
