#include "base/text.h"

#include <doctest/doctest.h>

using namespace emulator;

TEST_CASE("a whole number is decimal digits within its bounds") {
  CHECK(ParseWholeNumber("1", 1, 10) == 1);
  CHECK(ParseWholeNumber("10", 1, 10) == 10);
  CHECK(ParseWholeNumber("007", 1, 10) == 7);
  CHECK(ParseWholeNumber("18446744073709551615", 0, UINT64_MAX) == UINT64_MAX);
  for (const char* text :
       {"", " ", "0", "11", "-1", "+1", "1 ", " 1", "1.0", "0x1", "one", "18446744073709551616"})
    CHECK_FALSE(ParseWholeNumber(text, 1, 10));
}

TEST_CASE("Trim removes spaces and tabs, and nothing else") {
  CHECK(Trim(" \ta b\t ") == "a b");
  CHECK(Trim(" \t ") == "");
  CHECK(Trim("\na\n") == "\na\n");
}

TEST_CASE("Split undoes Join if no part is empty") {
  CHECK(Join({"a", "b", "c"}) == "a, b, c");
  CHECK(Join({}) == "");
  CHECK(Split("a:b:c", ':') == std::vector<std::string_view>{"a", "b", "c"});
  CHECK(Split("::a::b:", ':') == std::vector<std::string_view>{"a", "b"});
  CHECK(Split("", ':').empty());
}

TEST_CASE("percent-encoding leaves unreserved characters and escapes all other bytes") {
  CHECK(PercentEncode("Az09-._~") == "Az09-._~");
  CHECK(PercentEncode("a b/\xc3\xa9%") == "a%20b%2F%C3%A9%25");
  CHECK(PercentDecode("a%20b%2F%c3%A9%25") == "a b/\xc3\xa9%");
  for (const char* text : {"%", "%1", "a%g0", "%%20"}) CHECK_FALSE(PercentDecode(text));
}

TEST_CASE("ScrubControls replaces C0, DEL and C1, so that no text controls a terminal") {
  CHECK(ScrubControls("a\x1b[31mb\n\x7f") == "a?[31mb??");
  CHECK(ScrubControls("a\xc2\x9b"
                      "31mb") == "a?31mb");  // U+009B is an escape sequence of one character
  CHECK(ScrubControls("\xc2\xa0\xc3\x9b") ==
        "\xc2\xa0\xc3\x9b");  // U+00A0 and U+00DB are not controls
  CHECK(ScrubControls("\xc2") == "\xc2");
}

TEST_CASE("case is ignored for ASCII letters alone") {
  CHECK(EqualIgnoringCase("Retry-After", "retry-AFTER"));
  CHECK(EqualIgnoringCase("aZ-[", "Az-["));
  CHECK_FALSE(EqualIgnoringCase("[", "{"));
  CHECK_FALSE(EqualIgnoringCase("a", "ab"));
  CHECK_FALSE(EqualIgnoringCase("\xc4", "\xe4"));
}

TEST_CASE("HexDigit takes both cases") {
  CHECK(HexDigit('0') == 0);
  CHECK(HexDigit('9') == 9);
  CHECK(HexDigit('a') == 10);
  CHECK(HexDigit('F') == 15);
  for (const char c : std::string_view("g/:@G`\xff")) CHECK(HexDigit(c) == -1);
}
