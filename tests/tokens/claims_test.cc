#include "tokens/claims.h"

#include "support/world.h"

using namespace emulator;
using namespace emulator::tokens;

namespace {

using Words = std::vector<std::string>;

Claims ValidClaims(const std::string& text) {
  const auto claims = ReadClaims(text);
  REQUIRE_MESSAGE(claims, text);
  return *claims;
}

}  // namespace

TEST_CASE("claims are written in a fixed order, and absent ones are omitted") {
  CHECK(WriteClaims({.expires = kNoon}) == R"({"exp":1795521600})");
  CHECK(WriteClaims({.issuer = "https://a",
                     .audience = {"b"},
                     .subject = "reader",
                     .client_id = "app",
                     .scopes = Words{"x", "y"},
                     .issued_at = kNoon,
                     .not_before = kNoon,
                     .expires = kNoon + std::chrono::seconds(3600),
                     .id = "1",
                     .nonce = "n"}) ==
        R"({"iss":"https://a","aud":["b"],"sub":"reader","client_id":"app","scope":["x","y"],)"
        R"("iat":1795521600,"nbf":1795521600,"exp":1795525200,"jti":"1","nonce":"n"})");
}

TEST_CASE("written claims can be read") {
  const Claims claims = ValidClaims(WriteClaims(
      {.issuer = "https://a", .client_id = "app", .scopes = Words{}, .expires = kNoon}));
  CHECK(claims.issuer == "https://a");
  CHECK(claims.client_id == "app");
  CHECK(claims.scopes == Words{});
  CHECK(claims.expires == kNoon);
  CHECK_FALSE(claims.not_before);
}

TEST_CASE("scopes are an array or words, an audience is an array or one string") {
  CHECK(ValidClaims(R"({"exp":1,"scope":["a","b c"]})").scopes == Words{"a", "b c"});
  CHECK(ValidClaims(R"({"exp":1,"scope":"a  b"})").scopes == Words{"a", "b"});
  CHECK(ValidClaims(R"({"exp":1,"scope":""})").scopes == Words{});
  CHECK(ValidClaims(R"({"exp":1})").scopes == std::nullopt);
  CHECK(ValidClaims(R"({"exp":1,"aud":"a b"})").audience == Words{"a b"});
  CHECK(ValidClaims(R"({"exp":1,"aud":["a","b"]})").audience == Words{"a", "b"});
}

TEST_CASE("times may have a fraction, and must be within the supported years") {
  CHECK(ValidClaims(R"({"exp":1795521600.5})").expires == kNoon + std::chrono::milliseconds(500));
  CHECK(ValidClaims(R"({"exp":-1})").expires < kNoon);
  for (const char* text : {R"({"exp":1e300})", R"({"exp":-1e300})", R"({"exp":253402300800})"})
    CHECK_MESSAGE(!ReadClaims(text), text);
}

TEST_CASE("claims of the wrong type, or without exp, are rejected") {
  for (const char* text : {"",
                           "{",
                           "[]",
                           "7",
                           "null",
                           "\"text\"",
                           "{}",
                           R"({"exp":"1"})",
                           R"({"exp":null})",
                           R"({"exp":true})",
                           R"({"exp":[1]})",
                           R"({"exp":1,"nbf":"1"})",
                           R"({"exp":1,"iat":{}})",
                           R"({"exp":1,"iss":7})",
                           R"({"exp":1,"sub":[]})",
                           R"({"exp":1,"client_id":null})",
                           R"({"exp":1,"jti":1})",
                           R"({"exp":1,"aud":7})",
                           R"({"exp":1,"aud":[7]})",
                           R"({"exp":1,"scope":7})",
                           R"({"exp":1,"scope":["a",7]})",
                           R"({"exp":1,"scope":{"a":1}})",
                           R"({"exp":1,"exp":2})",
                           "{\"exp\":1,\"sub\":\"\xff\"}"})
    CHECK_MESSAGE(!ReadClaims(text), text);
}
