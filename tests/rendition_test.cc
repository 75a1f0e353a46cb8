#include "world/rendition.h"

#include <doctest/doctest.h>

using namespace emulator;

TEST_CASE("editions and readings are found by their names") {
  CHECK(FindEdition("page") == Edition::kPage);
  CHECK(FindEdition("current") == Edition::kCurrent);
  CHECK_FALSE(FindEdition("Page"));
  CHECK(Name(Edition::kCurrent) == "current");
  CHECK(FindReading("no-such") == nullptr);
}

TEST_CASE("each reading is one member of a rendition") {
  for (const Reading& reading : Readings()) {
    Rendition rendition;
    rendition.*FindReading(reading.name)->member = true;
    CHECK(rendition != Rendition());
    CHECK(ReadingsOf(rendition) == std::vector<std::string>{std::string(reading.name)});
  }
  CHECK(ReadingsOf({}).empty());
}
