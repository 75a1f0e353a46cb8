#include "world/world_registry.h"

#include <atomic>
#include <thread>

#include "support/temporary_folder.h"
#include "support/world.h"

using namespace emulator;
using namespace emulator::fixtures;
using namespace emulator::world;
using namespace std::chrono_literals;

namespace {

std::shared_ptr<const fixtures::FixtureStore> SeedOf(const char* connection) {
  return std::make_shared<const fixtures::FixtureStore>(
      ReadFixture(std::string(R"({"connections": [{"id": ")") + connection + R"("}]})"));
}

bool Has(const std::shared_ptr<World>& world, const std::string& id) {
  return world->fixtures.Read()->FindConnection(id) != nullptr;
}

// Real time that a test moves.
std::atomic<RealTime> pretended{RealTime(1000h)};
RealTime Pretended() {
  return pretended;
}

}  // namespace

TEST_CASE("a sandbox is made at its first use and is the same World from then on") {
  WorldRegistry worlds(SeedOf("seed"), nullptr, {});
  CHECK(worlds.List().empty());
  const auto world = worlds.Sandbox("a");
  CHECK(Has(world, "seed"));
  CHECK(worlds.Sandbox("a") == world);
  CHECK(worlds.Sandbox("A") != world);
  CHECK(worlds.List().size() == 2);
  CHECK(worlds.DeleteSandbox("a"));
  CHECK_FALSE(worlds.DeleteSandbox("a"));
  CHECK_FALSE(worlds.Describe("a").has_value());
  CHECK(Has(world, "seed"));  // who held it still has it
}

TEST_CASE("what happens in one World is not seen in another") {
  WorldRegistry worlds(SeedOf("seed"), nullptr, {});
  const auto a = worlds.Sandbox("a");
  const auto b = worlds.Sandbox("b");
  a->fixtures.Put(ReadFixture(R"({"connections": [{"id": "new"}]})"));
  a->clock.Freeze(kNoon);
  const std::vector<RateLimit> one{{1, 60s}};
  CHECK_FALSE(a->limiter.Admit("app", one, a->clock).wait.has_value());
  CHECK(a->limiter.Admit("app", one, a->clock).wait.has_value());

  for (const auto& other : {b, worlds.Default(), worlds.Sandbox("c")}) {
    CHECK_FALSE(Has(other, "new"));
    CHECK_FALSE(other->clock.Read().frozen);
    CHECK_FALSE(other->limiter.Admit("app", one, other->clock).wait.has_value());
  }
}

TEST_CASE("a reset returns one World to its seed, and only that one") {
  WorldRegistry worlds(SeedOf("seed"), nullptr, {});
  const auto change = [](World& world) {
    world.fixtures.Replace(ReadFixture(R"({"connections": [{"id": "other"}]})"));
    world.clock.Freeze(kNoon);
  };
  const auto before = worlds.Default();
  change(*before);
  change(*worlds.Sandbox("a"));
  CHECK(worlds.Reset(""));
  CHECK(Has(worlds.Default(), "seed"));
  CHECK_FALSE(worlds.Default()->clock.Read().frozen);
  CHECK(Has(before, "other"));  // a request under way ends on the old state
  CHECK(Has(worlds.Sandbox("a"), "other"));
  CHECK(worlds.Reset("a"));
  CHECK(Has(worlds.Sandbox("a"), "seed"));
  CHECK_FALSE(worlds.Reset("never made"));
}

TEST_CASE("a sandbox with fixtures of its own resets to them") {
  WorldRegistry worlds(SeedOf("seed"), nullptr, {});
  CHECK(worlds.CreateSandbox("a", SeedOf("own")) == WorldRegistry::Created::kNew);
  worlds.Sandbox("a")->fixtures.Delete(fixtures::Kind::kConnection, "own");
  CHECK_FALSE(Has(worlds.Sandbox("a"), "own"));
  worlds.Reset("a");
  CHECK(Has(worlds.Sandbox("a"), "own"));
  CHECK(worlds.Describe("a")->own_seed);
  CHECK(worlds.CreateSandbox("a", nullptr) == WorldRegistry::Created::kReplaced);
  CHECK(Has(worlds.Sandbox("a"), "seed"));
}

TEST_CASE("another seed is for new sandboxes, later resets and the default World's fixtures") {
  WorldRegistry worlds(SeedOf("old"), nullptr, {});
  worlds.Default()->clock.Freeze(kNoon);
  const auto a = worlds.Sandbox("a");
  worlds.Reseed(SeedOf("new"));
  CHECK(Has(worlds.Default(), "new"));
  CHECK(worlds.Default()->clock.Read().frozen);
  CHECK(Has(worlds.Sandbox("a"), "old"));
  CHECK(Has(worlds.Sandbox("b"), "new"));
  worlds.Reset("a");
  CHECK(Has(worlds.Sandbox("a"), "new"));
}

TEST_CASE("a store in a file is reset row by row and not replaced by another seed") {
  const TemporaryFolder folder;
  const auto file = std::make_shared<fixtures::FixtureStore>(
      folder / "world.db", ReadFixture(R"({"connections": [{"id": "kept"}]})"));
  WorldRegistry worlds(SeedOf("seed"), file, {});
  CHECK(Has(worlds.Default(), "kept"));
  CHECK(Has(worlds.Sandbox("a"), "seed"));
  worlds.Reseed(SeedOf("newer"));
  CHECK(Has(worlds.Default(), "kept"));
  worlds.Reset("");
  CHECK(Has(worlds.Default(), "newer"));
  CHECK_FALSE(Has(worlds.Default(), "kept"));
}

TEST_CASE("sandboxes that nobody uses are dropped, and there are never more than there may be") {
  WorldRegistry worlds(SeedOf("seed"), nullptr,
                       {.max_sandboxes = 2, .sandbox_idle = 60s, .real_now = Pretended});
  const auto advance = [](std::chrono::seconds by) { pretended = pretended.load() + by; };
  CHECK(worlds.Sandbox("a"));
  advance(30s);
  CHECK(worlds.Sandbox("b"));
  CHECK_FALSE(worlds.Sandbox("c"));
  CHECK(worlds.CreateSandbox("c", nullptr) == WorldRegistry::Created::kTooMany);
  CHECK(worlds.CreateSandbox("a", nullptr) == WorldRegistry::Created::kReplaced);
  CHECK(worlds.Describe("b")->idle == 0s);
  advance(59s);
  CHECK(worlds.Sandbox("a"));  // a use
  advance(2s);
  CHECK(worlds.Sandbox("c"));  // b was idle for 61 s
  CHECK_FALSE(worlds.Describe("b").has_value());
  CHECK(worlds.Describe("a")->idle == 2s);
}

TEST_CASE("a sandbox of 10,000 fixtures costs next to nothing until it is written to") {
  std::string text = R"({"connections": [)";
  for (int i = 0; i < 10'000; ++i)
    text.append(i ? "," : "").append(R"({"id": "c)").append(std::to_string(i)).append(R"("})");
  WorldRegistry worlds(std::make_shared<const fixtures::FixtureStore>(ReadFixture(text + "]}")),
                       nullptr, {});
  worlds.Sandbox("warm");
  // The quickest of them: how busy the machine is says nothing about what a sandbox costs.
  auto quickest = std::chrono::steady_clock::duration::max();
  for (int i = 0; i < 500; ++i) {
    const auto start = std::chrono::steady_clock::now();
    worlds.Sandbox("s" + std::to_string(i));
    quickest = std::min(quickest, std::chrono::steady_clock::now() - start);
  }
  CHECK(quickest < 1ms);  // some 5 us here
  for (int i = 0; i < 500; ++i) CHECK(worlds.Sandbox("s" + std::to_string(i))->fixtures.IsShared());
}

TEST_CASE("concurrency: a World that is reset while others use it") {
  WorldRegistry worlds(SeedOf("seed"), nullptr, {});
  std::atomic<bool> ended{false};
  std::atomic<int> strange{0};
  std::vector<std::thread> users;
  for (int t = 0; t < 4; ++t)
    users.emplace_back([&] {
      while (!ended) {
        const auto world = worlds.Sandbox("a");
        const Snapshot seen = world->TakeSnapshot();
        if (!seen.fixtures->FindConnection("seed")) ++strange;
        world->fixtures.Put(ReadFixture(R"({"connections": [{"id": "new"}]})"));
        if (!Has(world, "new")) ++strange;  // it is still the same World to its holder
      }
    });
  for (int i = 0; i < 200; ++i) {
    worlds.Reset("a");
    if (i % 20 == 0) worlds.DeleteSandbox("a");
  }
  ended = true;
  for (std::thread& user : users) user.join();
  CHECK(strange == 0);
}
