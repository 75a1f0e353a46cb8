#include "world/fixtures.h"

#include <atomic>
#include <thread>

#include "temporary_folder.h"
#include "world.h"

using namespace emulator;

namespace {

std::shared_ptr<FixtureStore> Store(const std::string& text) {
  return std::make_shared<FixtureStore>(ReadFixture(text));
}

FixtureSet OneConnection(const std::string& id) {
  return ReadFixture(R"({"connections": [{"id": ")" + id + R"("}]})");
}

bool Has(const Fixtures& fixtures, const std::string& id) {
  return fixtures.Read()->FindConnection(id) != nullptr;
}

// A world in which every name says the generation it is of: a request that met two of them would
// be told so by its rows.
FixtureSet Generation(int number, int connections) {
  const std::string generation = std::to_string(number);
  FixtureSet set;
  for (int i = 0; i < connections; ++i)
    set.connections.items.push_back({{.id = "c" + std::to_string(i), .display_name = generation},
                                     0,
                                     set.connections.items.size()});
  set.users.items.push_back({{.id = "u" + generation, .connections = {"*"}}, 0, 0});
  set.clients.items.push_back({{.id = "k", .tier = "premium", .user = "u" + generation}, 0, 0});
  set.tokens.items.push_back({{.token = "t", .name = "t", .client = "k"}, 0, 0});
  return set;
}

}  // namespace

TEST_CASE("a view shares the seed until its first write, and no other view sees that") {
  const std::shared_ptr<const FixtureStore> seed = Store(R"({"connections": [{"id": "a"}]})");
  Fixtures one(seed);
  const Fixtures other(seed);
  CHECK(one.IsShared());
  CHECK(one.Read() == seed);

  one.Put(OneConnection("b"));
  CHECK_FALSE(one.IsShared());
  CHECK(Has(one, "a"));
  CHECK(Has(one, "b"));
  CHECK_FALSE(Has(other, "b"));
  CHECK(other.IsShared());
  CHECK_FALSE(seed->FindConnection("b"));

  CHECK(one.Delete(Kind::kConnection, "a").outcome == Deletion::kDone);
  CHECK_FALSE(Has(one, "a"));
  CHECK(Has(other, "a"));
}

TEST_CASE("a write that fails leaves a view as it was: shared") {
  const std::shared_ptr<const FixtureStore> seed = Store("{}");
  Fixtures fixtures(seed);
  const auto bad = ReadFixture(R"({"users": [{"id": "u", "connections": ["none"]}]})");
  CHECK_THROWS_AS(fixtures.Put(bad), FixtureError);
  CHECK_THROWS_AS(fixtures.Replace(bad), FixtureError);
  CHECK(fixtures.Delete(Kind::kUser, "u").outcome == Deletion::kUnknown);
  CHECK(fixtures.IsShared());
  CHECK(fixtures.Read() == seed);
}

TEST_CASE("a view's own store is written in place") {
  const auto own = Store("{}");
  Fixtures fixtures(own);
  fixtures.Put(OneConnection("a"));
  CHECK(own->FindConnection("a"));
  CHECK(fixtures.Read() == own);
}

TEST_CASE("a request that runs goes on with the store that it began with") {
  Fixtures fixtures(Store(R"({"connections": [{"id": "a"}]})"));
  const auto running = fixtures.Read();
  fixtures.Replace(OneConnection("b"));
  CHECK(running->FindConnection("a"));
  CHECK_FALSE(running->FindConnection("b"));
  CHECK(Has(fixtures, "b"));
  CHECK_FALSE(Has(fixtures, "a"));
}

TEST_CASE("a replacement of a store in a file stays in the file, whole or not at all") {
  const TemporaryFolder folder;
  const std::string file = folder / "store.db";
  {
    Fixtures fixtures(std::make_shared<FixtureStore>(file, DefaultFixtures()));
    CHECK(Has(fixtures, kExampleId));
    CHECK_THROWS_AS(fixtures.Replace(ReadFixture(R"({"connections": [{"id": "c"}, {"id": "c"}]})")),
                    FixtureError);
    CHECK(Has(fixtures, kExampleId));
    fixtures.Replace(OneConnection("b"));
    CHECK_FALSE(Has(fixtures, kExampleId));
  }
  const FixtureStore again(file, DefaultFixtures());
  CHECK(again.CountConnections() == 1);
  CHECK(again.FindConnection("b"));
}

TEST_CASE("concurrency: requests see one generation of a world that is replaced, and do not wait") {
  constexpr int kConnections = 10'000;
  const TemporaryFolder folder;
  for (const bool in_file : {false, true}) {
    Fixtures fixtures(
        in_file ? std::make_shared<FixtureStore>(folder / "store.db", Generation(0, kConnections))
                : std::make_shared<FixtureStore>(Generation(0, kConnections)));
    std::atomic<bool> done{false};
    std::atomic<int> mixed{0};
    std::atomic<int> reads{0};
    std::vector<std::thread> readers;
    for (int t = 0; t < 2; ++t)
      readers.emplace_back([&, t] {
        for (int i = t; !done; i = (i + 7) % kConnections) {
          const auto store = fixtures.Read();
          const auto token = store->FindToken("t");
          const auto connection = store->FindConnection("c" + std::to_string(i));
          // In a file a row is of the moment in which it is read.
          if (!in_file &&
              connection->json.find('"' + token->user->substr(1) + '"') == std::string::npos)
            ++mixed;
          if (!store->MayRead(*token->user, connection->id) && !in_file) ++mixed;
          ++reads;
        }
      });
    for (int generation = 1; generation <= 3; ++generation) {
      const int before = reads;
      fixtures.Replace(Generation(generation, kConnections));
      CHECK(reads - before >= 20);  // who waited for it would have read twice
    }
    done = true;
    for (auto& reader : readers) reader.join();
    CHECK(mixed == 0);
    CHECK(fixtures.Read()->ReadUser("u3"));
    CHECK_FALSE(fixtures.Read()->ReadUser("u2"));
  }
}

TEST_CASE("concurrency: many views write their clones of one seed at once") {
  const std::shared_ptr<const FixtureStore> seed =
      std::make_shared<FixtureStore>(DefaultFixtures());
  std::atomic<int> wrong{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t)
    threads.emplace_back([&, t] {
      Fixtures fixtures(seed);
      const std::string mine = "of-" + std::to_string(t);
      wrong += !Has(fixtures, kExampleId);
      fixtures.Put(OneConnection(mine));
      wrong += fixtures.Read()->CountConnections() != 8;
      wrong += !Has(fixtures, mine);
    });
  for (auto& thread : threads) thread.join();
  CHECK(wrong == 0);
  CHECK(seed->CountConnections() == 7);
}
