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

// Real time that tests set.
std::atomic<RealTime> fake_now{RealTime(1000h)};
RealTime FakeNow() {
  return fake_now;
}

}  // namespace

TEST_CASE("the first use of a sandbox creates its world") {
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
  CHECK(Has(world, "seed"));  // a holder keeps it
}

TEST_CASE("worlds are independent") {
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

TEST_CASE("a reset returns only one world to its seed") {
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
  CHECK(Has(before, "other"));  // a running request keeps the old state
  CHECK(Has(worlds.Sandbox("a"), "other"));
  CHECK(worlds.Reset("a"));
  CHECK(Has(worlds.Sandbox("a"), "seed"));
  CHECK_FALSE(worlds.Reset("never made"));
}

TEST_CASE("a sandbox with its own seed resets to it") {
  WorldRegistry worlds(SeedOf("seed"), nullptr, {});
  CHECK(worlds.CreateSandbox("a", SeedOf("own")) == WorldRegistry::Created::kNew);
  worlds.Sandbox("a")->fixtures.Delete(kKind<Connection>, "own");
  CHECK_FALSE(Has(worlds.Sandbox("a"), "own"));
  worlds.Reset("a");
  CHECK(Has(worlds.Sandbox("a"), "own"));
  CHECK(worlds.Describe("a")->own_seed);
  CHECK(worlds.CreateSandbox("a", nullptr) == WorldRegistry::Created::kReplaced);
  CHECK(Has(worlds.Sandbox("a"), "seed"));
}

TEST_CASE("a new seed is for new sandboxes, later resets and the default world") {
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

TEST_CASE("a reset replaces the rows of a store in a file; a new seed does not") {
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

TEST_CASE("idle sandboxes are dropped, and their number is limited") {
  WorldRegistry worlds(SeedOf("seed"), nullptr,
                       {.max_sandboxes = 2, .sandbox_idle = 60s, .real_now = FakeNow});
  const auto advance = [](std::chrono::seconds by) { fake_now = fake_now.load() + by; };
  CHECK(worlds.Sandbox("a"));
  advance(30s);
  CHECK(worlds.Sandbox("b"));
  CHECK_FALSE(worlds.Sandbox("c"));
  CHECK(worlds.CreateSandbox("c", nullptr) == WorldRegistry::Created::kTooMany);
  CHECK(worlds.CreateSandbox("a", nullptr) == WorldRegistry::Created::kReplaced);
  CHECK(worlds.Describe("b")->idle == 0s);
  advance(59s);
  CHECK(worlds.Sandbox("a"));  // uses it
  advance(2s);
  CHECK(worlds.Sandbox("c"));  // b was idle for 61 s
  CHECK_FALSE(worlds.Describe("b").has_value());
  CHECK(worlds.Describe("a")->idle == 2s);
}

TEST_CASE("sandboxes share the seed until they are written to") {
  const auto seed = SeedOf("seed");
  WorldRegistry worlds(seed, nullptr, {});
  for (int i = 0; i < 100; ++i)
    CHECK(worlds.Sandbox("s" + std::to_string(i))->fixtures.Read() == seed);
  const auto written = worlds.Sandbox("s0");
  written->fixtures.Put(ReadFixture(R"({"connections": [{"id": "new"}]})"));
  CHECK(written->fixtures.Read() != seed);
  CHECK(worlds.Sandbox("s1")->fixtures.Read() == seed);
}

TEST_CASE("concurrency: a world is reset while others use it") {
  WorldRegistry worlds(SeedOf("seed"), nullptr, {});
  std::atomic<bool> done{false};
  std::atomic<int> wrong{0};
  std::vector<std::thread> users;
  for (int t = 0; t < 4; ++t)
    users.emplace_back([&] {
      while (!done) {
        const auto world = worlds.Sandbox("a");
        const Snapshot seen = world->TakeSnapshot();
        if (!seen.fixtures->FindConnection("seed")) ++wrong;
        world->fixtures.Put(ReadFixture(R"({"connections": [{"id": "new"}]})"));
        if (!Has(world, "new")) ++wrong;  // the holder keeps the same world
      }
    });
  for (int i = 0; i < 200; ++i) {
    worlds.Reset("a");
    if (i % 20 == 0) worlds.DeleteSandbox("a");
  }
  done = true;
  for (std::thread& user : users) user.join();
  CHECK(wrong == 0);
}
