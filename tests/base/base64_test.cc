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

TEST_CASE("no two texts decode to the same bytes") {
  for (const char* text :
       {"Zg==", "Zh", "Zm9v\n", " Zm9v", "Zm9v ", "+//+", "Z", "Zm9v=", "Zm9v.", "Zm\x80v", "Zm9"})
    CHECK_MESSAGE(!Base64UrlDecode(text), text);
}

TEST_CASE("text that is not base64 is rejected; padding in the middle once ended the program") {
  for (const char* text :
       {"eyJhf=OJi", "=", "==", "a=", "ab=", "abc=d", "a=b=", "====", "a===", "=abc"}) {
    CHECK_MESSAGE(!Base64UrlDecode(text), text);
    CHECK_MESSAGE(!Base64Decode(text), text);
  }
  // All texts of up to four of these characters.
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

TEST_CASE("the base64 of HTTP Basic has the other alphabet and padding") {
  CHECK(Base64Decode("aWQ6c2VjcmV0") == "id:secret");
  CHECK(Base64Decode("Zg==") == "f");
  CHECK(Base64Decode("+//+") == "\xfb\xff\xfe");
  for (const char* text :
       {"Zg", "Zg=", "-__-", "Zg==\n", "====", "Z===", "Zh==", "Zm9=", "Zm9v===="})
    CHECK_MESSAGE(!Base64Decode(text), text);
}
