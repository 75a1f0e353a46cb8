#include "base/guid.h"

#include <doctest/doctest.h>

#include "base/base64.h"

using namespace emulator;

TEST_CASE("a random GUID has a version and a variant") {
  CHECK(RandomGuid(0, 0) == "00000000-0000-4000-8000-000000000000");
  CHECK(RandomGuid(~uint64_t{0}, ~uint64_t{0}) == "ffffffff-ffff-4fff-bfff-ffffffffffff");
  CHECK(RandomGuid(0x0123456789abcdef, 0xfedcba9876543210) ==
        "01234567-89ab-4def-bedc-ba9876543210");
}

TEST_CASE("the GUID for a text depends on the text alone") {
  CHECK(GuidFromText("a") == GuidFromText("a"));
  CHECK(GuidFromText("a") != GuidFromText("b"));
  CHECK(GuidFromText("a")[14] == '8');
  CHECK(GuidBytes(GuidFromText("")).has_value());
}

TEST_CASE(
    "the vendor's example of an id is the example's iModel and a second GUID, in .NET's byte "
    "order") {
  const auto i_model = GuidBytes("a0471655-6b18-419e-ab01-ebf4fbff9dff");
  const auto second = GuidBytes("bcca2f1c-81e3-46a5-91ae-7053debb43b3");
  REQUIRE(i_model);
  REQUIRE(second);
  CHECK(Base64UrlEncode(*i_model + *second) == "VRZHoBhrnkGrAev0-_-d_xwvyrzjgaVGka5wU967Q7M");
  CHECK(GuidBytes("A0471655-6B18-419E-AB01-EBF4FBFF9DFF") == i_model);
}

TEST_CASE("GuidBytes rejects other text") {
  for (const char* text :
       {"", "a0471655", "a04716556b18419eab01ebf4fbff9dff", "a0471655-6b18-419e-ab01-ebf4fbff9dfg",
        "4tb42812-ebb8-4c58-98a4-2eaa99e0d8b6", "a0471655-6b18-419e-ab01-ebf4fbff9dff ",
        "{a0471655-6b18-419e-ab01-ebf4fbff9dff}", "a04716556-b18-419e-ab01-ebf4fbff9dff"})
    CHECK_MESSAGE(!GuidBytes(text), text);
}

TEST_CASE("the same seed gives the same ids, and no seed gives unpredictable ones") {
  Guids first(7), again(7), other(8), unseeded(std::nullopt), other_unseeded(std::nullopt);
  const std::string id = first.New();
  CHECK(id == again.New());
  CHECK(first.New() == again.New());
  CHECK(first.New() != id);
  CHECK(id != other.New());
  CHECK(unseeded.New() != other_unseeded.New());
}
