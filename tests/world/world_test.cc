#include "world/world.h"

#include "support/world.h"

using namespace emulator;
using namespace emulator::fixtures;
using namespace emulator::world;
using namespace std::chrono_literals;

TEST_CASE("the limits of a client are those for all, else its own, else those of its tier") {
  const Client own{.id = "a", .tier = "premium", .rate_limits = {{1, 60s}}};
  const Client of_tier{.id = "b", .tier = "premium"};
  const TestWorld test;
  CHECK(test.world.LimitsOf(own) == own.rate_limits);
  CHECK(test.world.LimitsOf(of_tier) == TierLimits("premium"));
  CHECK_FALSE(test.world.LimitsAll());
  const std::vector<RateLimit> for_all{{2, 60s}};
  const TestWorld all(DefaultFixtures(), for_all);
  CHECK(all.world.LimitsAll());
  CHECK(all.world.LimitsOf(own) == for_all);
  CHECK(all.world.LimitsOf(of_tier) == for_all);
}

TEST_CASE("the paths of a sandbox have a prefix") {
  const auto seed = std::make_shared<const FixtureStore>(DefaultFixtures());
  const auto journals = std::make_shared<journal::JournalRegistry>(0);
  CHECK(World(seed, {}, journal::JournalRegistry::Open(journals)).path_prefix().empty());
  CHECK(World(seed, {}, journal::JournalRegistry::Open(journals), "a").path_prefix() ==
        "/_sandbox/a");
}

TEST_CASE("links start with the origin of the request and keep the sandbox") {
  http::Request request = Get("/");
  CHECK(BaseUrl("", request, "") == "http://localhost");
  request.headers.Add("Host", "emulator:9000");
  CHECK(BaseUrl("", request, "") == "http://emulator:9000");
  CHECK(BaseUrl("", request, "a") == "http://emulator:9000/_sandbox/a");
  CHECK(BaseUrl("https://api.example/base/", request, "a") ==
        "https://api.example/base/_sandbox/a");
  request.secure = true;
  CHECK(BaseUrl("", request, "a") == "https://emulator:9000/_sandbox/a");
  CHECK(BaseUrl("http://api.example", request, "") == "http://api.example");
}
