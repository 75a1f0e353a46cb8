#include "identity/token_maker.h"

#include <set>

#include "world.h"

using namespace emulator;

// What each flaw leads to: access_token_test.cc.
TEST_CASE("flaws have names, each its own") {
  std::set<TokenFlaw> flaws;
  for (const std::string& name : FlawNames()) {
    REQUIRE(FindFlaw(name));
    flaws.insert(*FindFlaw(name));
  }
  CHECK(flaws.size() == FlawNames().size());
  CHECK_FALSE(flaws.contains(TokenFlaw::kNone));
  CHECK_FALSE(FindFlaw("none"));
}

TEST_CASE("no two tokens are the same, for each has an id") {
  const Issuer issuer({}, TestKey());
  const World world(std::make_shared<FixtureStore>(FixtureSet{}), World::Settings{},
                    Journals::Open(std::make_shared<Journals>(0)));
  const Issuing issuing{issuer, world, "http://a", kNoon};
  CHECK(MakeAccessToken(issuing, {.client = "c"}) != MakeAccessToken(issuing, {.client = "c"}));
}
