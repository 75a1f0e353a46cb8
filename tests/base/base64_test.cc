#include "base/base64.h"

#include "support/world.h"

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

TEST_CASE("what is no base64 is none: the library ended the program over a padding in the middle") {
  for (const char* text :
       {"eyJhf=OJi", "=", "==", "a=", "ab=", "abc=d", "a=b=", "====", "a===", "=abc"}) {
    CHECK_MESSAGE(!Base64UrlDecode(text), text);
    CHECK_MESSAGE((!Base64Decode(text) || Base64Decode(text)->empty()), text);
  }
  // Every text of up to three characters of a few: none ends the program.
  const std::string_view few = "Aa9-_+/=. \n\xff";
  for (const char a : few)
    for (const char b : few)
      for (const char c : few)
        for (const size_t size : {1, 2, 3, 4}) {
          const std::string text = std::string({'A', a, b, c}).substr(0, size);
          if (const auto bytes = Base64UrlDecode(text)) CHECK(Base64UrlEncode(*bytes) == text);
          (void)Base64Decode(text);
        }
}

TEST_CASE("HTTP Basic has the other alphabet, and padding") {
  CHECK(Base64Decode("aWQ6c2VjcmV0") == "id:secret");
  CHECK(Base64Decode("Zg==") == "f");
  CHECK(Base64Decode("+//+") == "\xfb\xff\xfe");
  for (const char* text : {"Zg", "Zg=", "-__-", "Zg==\n", "===="})
    CHECK_MESSAGE(!Base64Decode(text), text);
}
