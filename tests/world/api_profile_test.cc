#include "world/api_profile.h"

#include <doctest/doctest.h>

using namespace emulator;
using namespace emulator::world;

TEST_CASE("editions and readings are found by their names") {
  CHECK(FindEdition("page") == Edition::kPage);
  CHECK(FindEdition("current") == Edition::kCurrent);
  CHECK_FALSE(FindEdition("Page"));
  CHECK(Name(Edition::kCurrent) == "current");
  CHECK(FindAssumption("no-such") == nullptr);
}

TEST_CASE("each reading is one member of a rendition") {
  for (const Assumption& reading : Assumptions()) {
    ApiProfile profile;
    profile.*FindAssumption(reading.name)->member = true;
    CHECK(profile != ApiProfile());
    CHECK(AssumptionsOf(profile) == std::vector<std::string>{std::string(reading.name)});
  }
  CHECK(AssumptionsOf({}).empty());
}
