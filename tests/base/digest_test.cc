#include "base/digest.h"

#include <doctest/doctest.h>

#include "base/base64.h"

using namespace emulator;

TEST_CASE("the short hash is the beginning of the SHA-256") {
  CHECK(ShortHash("abc") == "#ba7816bf8f");
  CHECK(ShortHash("") == "#e3b0c44298");
}

TEST_CASE("SHA-256 of the examples of FIPS 180") {
  CHECK(Base64UrlEncode(Sha256("abc")) == "ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0");
  CHECK(Sha256("").size() == 32);
}

TEST_CASE("ConstantTimeEquals compares the whole text") {
  CHECK(ConstantTimeEquals("", ""));
  CHECK(ConstantTimeEquals("secret", "secret"));
  CHECK_FALSE(ConstantTimeEquals("secret", "secreT"));
  CHECK_FALSE(ConstantTimeEquals("secret", "secret2"));
  CHECK_FALSE(ConstantTimeEquals("secret", ""));
  CHECK_FALSE(ConstantTimeEquals(std::string("a\0b", 3), std::string("a\0c", 3)));
}

TEST_CASE("new secrets are 256 bits of base64url, each another") {
  const std::string secret = NewSecret();
  REQUIRE(Base64UrlDecode(secret).has_value());
  CHECK(Base64UrlDecode(secret)->size() == 32);
  CHECK(secret != NewSecret());
}
