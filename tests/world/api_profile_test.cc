#include "world/api_profile.h"

#include <doctest/doctest.h>

using namespace emulator;
using namespace emulator::world;

TEST_CASE("editions and assumptions are found by name") {
  CHECK(FindEdition("page") == Edition::kPage);
  CHECK(FindEdition("current") == Edition::kCurrent);
  CHECK_FALSE(FindEdition("Page"));
  CHECK(Name(Edition::kCurrent) == "current");
  CHECK(FindAssumption("no-such") == nullptr);
}

TEST_CASE("each assumption is one member of a profile") {
  for (const Assumption& assumption : Assumptions()) {
    ApiProfile profile;
    profile.*FindAssumption(assumption.name)->member = true;
    CHECK(profile != ApiProfile());
    CHECK(AssumptionsOf(profile) == std::vector<std::string>{std::string(assumption.name)});
  }
  CHECK(AssumptionsOf({}).empty());
}
