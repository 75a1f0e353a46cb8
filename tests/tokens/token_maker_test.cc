#include "tokens/token_maker.h"

#include <set>

#include "support/world.h"

using namespace emulator;
using namespace emulator::tokens;

// What each flaw leads to: access_token_test.cc.
TEST_CASE("every corruption has its own name") {
  std::set<TokenCorruption> flaws;
  for (const std::string& name : CorruptionNames()) {
    REQUIRE(FindCorruption(name));
    flaws.insert(*FindCorruption(name));
  }
  CHECK(flaws.size() == CorruptionNames().size());
  CHECK_FALSE(flaws.contains(TokenCorruption::kNone));
  CHECK_FALSE(FindCorruption("none"));
}

TEST_CASE("every token is different, because each has its own id") {
  const Issuer issuer({}, TestKey());
  const world::World world(
      std::make_shared<fixtures::FixtureStore>(fixtures::FixtureSet{}), world::World::Settings{},
      journal::JournalRegistry::Open(std::make_shared<journal::JournalRegistry>(0)));
  const Issuing issuing{issuer, world, "http://a", kNoon};
  CHECK(MakeAccessToken(issuing, {.client = "c"}) != MakeAccessToken(issuing, {.client = "c"}));
}
