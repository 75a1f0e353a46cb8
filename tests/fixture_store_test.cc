#include "world/fixture_store.h"

#include <SQLiteCpp/SQLiteCpp.h>

#include <nlohmann/json.hpp>
#include <thread>

#include "temporary_folder.h"
#include "thrown.h"
#include "world.h"
#include "world/fixture_json.h"

using namespace emulator;

namespace {

SQLite::Database Shell(const std::string& file) {
  return SQLite::Database(file, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
}

// As it is answered.
std::string MemberOf(const ConnectionRow& row, const char* member) {
  return nlohmann::json::parse(row.json).at(member);
}
std::string DisplayNameOf(const FixtureStore& store) {
  return MemberOf(*store.FindConnection(kExampleId), "displayName");
}

}  // namespace

TEST_CASE("rows come back as they were put in") {
  FixtureStore fixtures(DefaultFixtures());
  const auto row = fixtures.FindConnection("never-run-connection");
  REQUIRE(row);
  CHECK(row->id == "never-run-connection");
  CHECK(row->json.starts_with(R"({"id":"never-run-connection","iModelId":)"));
  CHECK_FALSE(fixtures.FindConnection("Never-run-connection"));

  const auto token = fixtures.FindToken("throttled-token");
  REQUIRE(token);
  CHECK(token->token.name == "throttled");
  CHECK(token->token.scopes == std::vector<std::string>{"export:read", "export:modify"});
  CHECK(token->client.tier == "trial");
  CHECK(token->client.rate_limits == std::vector<RateLimit>{{0, std::chrono::seconds(60)}});
  CHECK(fixtures.FindToken("expired-token")->expires == At("2001-01-01T00:00:00Z"));
  CHECK_FALSE(fixtures.FindToken("none"));
  CHECK(fixtures.CountConnections() == 7);
}

TEST_CASE("who may read what") {
  FixtureStore fixtures(DefaultFixtures());
  CHECK(fixtures.MayRead("reader", kExampleId));
  CHECK_FALSE(fixtures.MayRead("reader", "private-connection"));
  CHECK(fixtures.MayRead("owner", "private-connection"));
  CHECK_FALSE(fixtures.MayRead("stranger", kExampleId));
  CHECK_FALSE(fixtures.MayRead("nobody", kExampleId));
}

TEST_CASE("a store in a file is seeded when new and kept afterwards") {
  const TemporaryFolder folder;
  const std::string file = folder / "store.db";
  {
    FixtureStore fixtures(file, DefaultFixtures());
    CHECK_FALSE(fixtures.WasKept());
  }
  FixtureStore fixtures(file, ReadFixture("{}"));
  CHECK(fixtures.WasKept());
  CHECK(fixtures.CountConnections() == 7);
}

TEST_CASE("what another process changes in the file shows after the next Refresh") {
  const TemporaryFolder folder;
  const std::string file = folder / "store.db";
  FixtureStore fixtures(file, DefaultFixtures());
  CHECK(DisplayNameOf(fixtures) == "30");
  CHECK(fixtures.MayRead("reader", kExampleId));
  CHECK_FALSE(fixtures.FindToken("reader-token")->expires.has_value());

  auto shell = Shell(file);
  shell.exec(
      "update connections set display_name = 'changed'; delete from readers;"
      "update tokens set expires = '2030-01-01T00:00:00Z'");
  fixtures.Refresh();
  CHECK(DisplayNameOf(fixtures) == "changed");
  CHECK_FALSE(fixtures.MayRead("reader", kExampleId));
  CHECK(fixtures.FindToken("reader-token")->expires.has_value());
}

TEST_CASE("rows that somebody holds stay as they are") {
  const TemporaryFolder folder;
  const std::string file = folder / "store.db";
  FixtureStore fixtures(file, DefaultFixtures());
  const auto held = fixtures.FindConnection(kExampleId);
  Shell(file).exec("delete from connections");
  fixtures.Refresh();
  CHECK_FALSE(fixtures.FindConnection(kExampleId));
  CHECK(held->json.find("\"30\"") != std::string::npos);
}

TEST_CASE("the schema refuses rubbish from the shell, too") {
  const TemporaryFolder folder;
  const std::string file = folder / "store.db";
  const FixtureStore fixtures(file, DefaultFixtures());
  auto shell = Shell(file);
  for (const char* sql :
       {"update connections set authentication_type = 'Usr'", "update tokens set expires = 'soon'",
        "update tokens set not_before = '2030-99-01T00:00:00Z'",
        "update tokens set expires = '2030-02-30T00:00:00Z'",
        "update tokens set expires = '2030-01-01T24:00:00Z'",
        "update tokens set expires = '2030-01-01T00:00:00'",
        "update tokens set expires = '2030-01-01T00:00:00+01:00'",
        "update clients set tier = 'gold'", "update connections set id = '*'",
        "update clients set registered = 2"}) {
    INFO(sql);
    CHECK_THROWS(shell.exec(sql));
  }
}

TEST_CASE("a second process finds the store in use") {
  const TemporaryFolder folder;
  const std::string file = folder / "store.db";
  const FixtureStore first(file, DefaultFixtures());
  CHECK(Thrown<StoreError>([&] { FixtureStore second(file, DefaultFixtures()); }) ==
        "the store " + file +
            " is in use by another Export Emulator. Stop that one, or name another file.");
}

TEST_CASE(
    "a newer store, another program's database and plain rubbish are refused and left alone") {
  const TemporaryFolder folder;
  const std::string newer = folder / "newer.db";
  { const FixtureStore fixtures(newer, DefaultFixtures()); }
  Shell(newer).exec("pragma user_version = 99");
  CHECK(Thrown<StoreError>([&] {
          FixtureStore fixtures(newer, DefaultFixtures());
        }).find("has version 99, newer than") != std::string::npos);

  const std::string foreign = folder / "foreign.db";
  Shell(foreign).exec("create table x (y)");
  CHECK(Thrown<StoreError>([&] {
          FixtureStore fixtures(foreign, DefaultFixtures());
        }).find("of another program") != std::string::npos);
  CHECK(Shell(foreign).execAndGet("select count(*) from sqlite_schema").getInt() == 1);

  const std::string rubbish = folder / "rubbish.db";
  std::ofstream(rubbish) << std::string(4096, 'x');
  CHECK(Thrown<StoreError>([&] {
          FixtureStore fixtures(rubbish, DefaultFixtures());
        }).find("cannot be used") != std::string::npos);
  CHECK(ReadFile(rubbish) == std::string(4096, 'x'));

  CHECK(Thrown<StoreError>([&] {
          FixtureStore fixtures(folder / "none/store.db", DefaultFixtures());
        }).find("No such file or directory") != std::string::npos);
}

TEST_CASE("bad fixtures leave no store behind: the next start seeds it") {
  const TemporaryFolder folder;
  const std::string file = folder / "store.db";
  const auto bad = ReadFixture(R"({"connections": [{"id": "c"}, {"id": "c"}]})");
  CHECK(Thrown<FixtureError>([&] {
          FixtureStore fixtures(file, bad);
        }).find("another connection") != std::string::npos);
  FixtureStore fixtures(file, DefaultFixtures());
  CHECK_FALSE(fixtures.WasKept());
  CHECK(fixtures.CountConnections() == 7);
}

TEST_CASE("who reads all is not asked for each connection, and who does not is") {
  FixtureStore store(ReadFixture(R"({"connections": [{"id": "a"}, {"id": "b"}],
      "users": [{"id": "all", "connections": ["*"]}, {"id": "some", "connections": ["b"]}]})"));
  for (int round = 0; round < 2; ++round) {  // not cached, cached
    CHECK(store.MayRead("all", "a"));
    CHECK(store.MayRead("all", "no such connection"));
    CHECK_FALSE(store.MayRead("some", "a"));
    CHECK(store.MayRead("some", "b"));
    CHECK_FALSE(store.MayRead("nobody", "a"));
  }
  store.Put(ReadFixture(R"({"users": [{"id": "nobody", "connections": ["*"]}]})"));
  CHECK(store.MayRead("nobody", "a"));
}

TEST_CASE("one row is read as a file would have it, or none") {
  const FixtureStore store(DefaultFixtures());
  CHECK(store.ReadConnection(kExampleId)->display_name == "30");
  CHECK_FALSE(store.ReadConnection("none"));
  CHECK(store.ReadUser("owner")->connections == std::vector<std::string>{"*"});
  CHECK(store.ReadUser("reader")->connections.at(3) == "never-run-connection");
  CHECK_FALSE(store.ReadUser("none"));
  CHECK(store.ReadClient("throttled-app")->rate_limits ==
        std::vector<RateLimit>{{0, std::chrono::seconds(60)}});
  CHECK_FALSE(store.ReadClient("none"));
  CHECK(store.ReadToken("trial")->token == "trial-token");
  CHECK_FALSE(store.ReadToken("trial-token"));  // its name is its key
}

TEST_CASE("all rows come back as the file has them, in its order") {
  const TemporaryFolder folder;
  const FixtureSet world = DefaultFixtures();
  for (const bool in_file : {false, true}) {
    const auto store = in_file ? std::make_shared<FixtureStore>(folder / "store.db", world)
                               : std::make_shared<FixtureStore>(world);
    CHECK(WriteFixtures(store->ReadAll()) == WriteFixtures(world));
  }
}

TEST_CASE("a set that is put changes rows in place and in memory shows at once") {
  FixtureStore store(DefaultFixtures());
  CHECK(store.MayRead("reader", kExampleId));
  CHECK(DisplayNameOf(store) == "30");
  store.Put(ReadItem(Kind::kConnection, kExampleId, R"({"displayName": "new"})"));
  CHECK(DisplayNameOf(store) == "new");
  CHECK(store.MayRead("reader", kExampleId));
  CHECK(store.ReadAll().connections.items.front().row.id == kExampleId);
}

TEST_CASE("a clone and its origin go ways of their own") {
  const TemporaryFolder folder;
  for (const bool in_file : {false, true}) {
    const auto origin = in_file ? std::make_shared<FixtureStore>(folder / "s.db", DefaultFixtures())
                                : std::make_shared<FixtureStore>(DefaultFixtures());
    const auto clone = origin->Clone();
    CHECK_FALSE(clone->IsInFile());
    clone->Put(ReadItem(Kind::kConnection, "of the clone", "{}"));
    origin->Put(ReadItem(Kind::kConnection, "of the origin", "{}"));
    origin->Refresh();
    CHECK(clone->FindConnection("of the clone"));
    CHECK_FALSE(clone->FindConnection("of the origin"));
    CHECK(origin->FindConnection("of the origin"));
    CHECK_FALSE(origin->FindConnection("of the clone"));
    CHECK(origin->Delete(Kind::kConnection, kExampleId).outcome == Deletion::kDone);
    CHECK(clone->FindConnection(kExampleId));
    CHECK(clone->Clone()->FindConnection("of the clone"));
  }
}

TEST_CASE("a write to a file is refused while another process does not end its own, and told so") {
  const TemporaryFolder folder;
  const std::string file = folder / "store.db";
  FixtureStore store(file, DefaultFixtures());
  auto shell = Shell(file);
  shell.exec("begin immediate; delete from tokens");
  const auto put = [&] { store.Put(ReadItem(Kind::kConnection, "mine", "{}")); };
  CHECK(Thrown<StoreBusyError>(put) == "another process is writing into the store " + file +
                                           " and does not commit. Let it commit, and try again.");
  CHECK(store.FindToken("reader-token"));  // who reads does not wait
  shell.exec("commit");
  put();
  store.Refresh();
  CHECK(store.FindConnection("mine"));
  CHECK_FALSE(store.FindToken("reader-token"));
}

TEST_CASE("concurrency: the shell and we write into one file, and nothing is lost") {
  const TemporaryFolder folder;
  const std::string file = folder / "store.db";
  FixtureStore store(file, DefaultFixtures());
  std::thread ours([&] {
    for (int i = 0; i < 50; ++i)
      store.Put(ReadItem(Kind::kConnection, "ours-" + std::to_string(i), "{}"));
  });
  auto shell = Shell(file);
  shell.setBusyTimeout(60'000);
  for (int i = 0; i < 50; ++i) {
    const std::string id = "theirs-" + std::to_string(i);
    shell.exec("insert into connections (id) values ('" + id + "')");
    store.Refresh();
    CHECK(store.FindConnection(id));
  }
  ours.join();
  CHECK(store.CountConnections() == 107);
}

TEST_CASE("concurrency: readers meet whole rows while another process writes") {
  const TemporaryFolder folder;
  const std::string file = folder / "store.db";
  FixtureStore fixtures(file, DefaultFixtures());
  std::vector<std::thread> readers;
  std::atomic<bool> torn{false};
  std::atomic<int> rounds{0};
  for (int t = 0; t < 4; ++t)
    readers.emplace_back([&] {
      while (rounds < 50) {
        fixtures.Refresh();
        const auto row = fixtures.FindConnection(kExampleId);
        if (MemberOf(*row, "displayName") != MemberOf(*row, "iModelId") &&
            MemberOf(*row, "displayName") != "30")
          torn = true;
      }
    });
  auto shell = Shell(file);
  shell.setBusyTimeout(5000);
  for (; rounds < 50; ++rounds)
    shell.exec("update connections set display_name = '" + std::to_string(rounds) +
               "', i_model_id = '" + std::to_string(rounds) + "'");
  for (auto& reader : readers) reader.join();
  CHECK_FALSE(torn);
}
