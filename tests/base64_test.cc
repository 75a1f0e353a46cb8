#include "door/base64.h"

#include "world.h"

using namespace emulator;

TEST_CASE("base64url has no padding and no characters that a URL would need to escape") {
  CHECK(Base64UrlEncode("") == "");
  CHECK(Base64UrlEncode("f") == "Zg");
  CHECK(Base64UrlEncode("fo") == "Zm8");
  CHECK(Base64UrlEncode("foo") == "Zm9v");
  CHECK(Base64UrlEncode("\xfb\xff\xfe") == "-__-");
  CHECK(Base64UrlDecode("-__-") == "\xfb\xff\xfe");
  CHECK(Base64UrlDecode("") == "");
}

TEST_CASE("no two texts stand for the same bytes") {
  for (const char* text :
       {"Zg==", "Zh", "Zm9v\n", " Zm9v", "Zm9v ", "+//+", "Z", "Zm9v=", "Zm9v.", "Zm\x80v", "Zm9"})
    CHECK_MESSAGE(!Base64UrlDecode(text), text);
}

TEST_CASE("HTTP Basic has the other alphabet, and padding") {
  CHECK(Base64Decode("aWQ6c2VjcmV0") == "id:secret");
  CHECK(Base64Decode("Zg==") == "f");
  CHECK(Base64Decode("+//+") == "\xfb\xff\xfe");
  for (const char* text : {"Zg", "Zg=", "-__-", "Zg==\n", "===="})
    CHECK_MESSAGE(!Base64Decode(text), text);
}
