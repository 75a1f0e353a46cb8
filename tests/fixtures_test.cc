#include "world/fixtures.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <thread>

#include "temporary_folder.h"
#include "world.h"

using namespace emulator;

namespace {

SQLite::Database Shell(const std::string& file) {
  return SQLite::Database(file, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
}

std::string RefusalOf(const std::string& text) {
  try {
    const Fixtures fixtures(ReadFixture(text));
  } catch (const FixtureError& error) {
    return error.what();
  }
  return "taken";
}

template <typename Error, typename Function>
std::string Thrown(Function function) {
  try {
    function();
  } catch (const Error& error) {
    return error.what();
  }
  return "nothing thrown";
}

}  // namespace

TEST_CASE("rows come back as they were put in") {
  Fixtures fixtures(DefaultFixtures());
  const auto row = fixtures.FindConnection("never-run-connection");
  REQUIRE(row);
  CHECK(row->connection.authentication_type == "User");
  CHECK_FALSE(row->connection.last_run_link.has_value());
  CHECK_FALSE(fixtures.FindConnection("Never-run-connection"));

  const auto token = fixtures.FindToken("throttled-token");
  REQUIRE(token);
  CHECK(token->token.name == "throttled");
  CHECK(token->token.scopes == std::vector<std::string>{"export:read"});
  CHECK(token->client.tier == "trial");
  CHECK(token->client.rate_limits == std::vector<RateLimit>{{0, std::chrono::seconds(60)}});
  CHECK(fixtures.FindToken("expired-token")->expires == At("2001-01-01T00:00:00Z"));
  CHECK_FALSE(fixtures.FindToken("none"));
  CHECK(fixtures.CountConnections() == 5);
}

TEST_CASE("who may read what") {
  Fixtures fixtures(DefaultFixtures());
  CHECK(fixtures.MayRead("reader", kExampleId));
  CHECK_FALSE(fixtures.MayRead("reader", "private-connection"));
  CHECK(fixtures.MayRead("owner", "private-connection"));
  CHECK_FALSE(fixtures.MayRead("stranger", kExampleId));
  CHECK_FALSE(fixtures.MayRead("nobody", kExampleId));
}

TEST_CASE("a token without a name is named by its hash") {
  Fixtures fixtures(ReadFixture(
      R"({"clients": [{"id": "a", "tier": "trial"}], "tokens": [{"token": "abc", "client": "a", "scopes": []}]})"));
  CHECK(fixtures.FindToken("abc")->token.name == "ba7816bf8f");
}

TEST_CASE("the schema judges what rows say of each other, and all of it is told with its place") {
  struct Row {
    const char* text;
    const char* sentence;
  };
  const Row rows[] = {
      {R"({"connections": [{"id": "c"}, {"id": "c"}]})",
       "test.json:1: /connections/1: another connection \"c\" is there already; give each its "
       "own."},
      {R"({"users": [{"id": "u", "connections": []}, {"id": "u", "connections": []}]})",
       "test.json:1: /users/1: another user \"u\" is there already; give each its own."},
      {R"({"users": [{"id": "u", "connections": ["x"]}]})",
       "test.json:1: /users/0/connections/0: there is no connection \"x\"; add it to "
       "\"connections\", or correct the reference."},
      {R"({"connections": [{"id": "c"}], "users": [{"id": "u", "connections": ["c", "c"]}]})",
       "test.json:1: /users/0/connections/1: the connection \"c\" is listed twice; list it once."},
      {R"({"clients": [{"id": "a", "tier": "trial"}, {"id": "a", "tier": "trial"}]})",
       "test.json:1: /clients/1: another client \"a\" is there already; give each its own."},
      {R"({"clients": [{"id": "a", "tier": "trial", "user": "u"}]})",
       "test.json:1: /clients/0/user: there is no user \"u\"; add it to \"users\", or correct the "
       "reference."},
      {R"({"clients": [{"id": "a", "tier": "trial", "rateLimits": [{"limit": 1, "seconds": 60}, {"limit": 2, "seconds": 60}]}]})",
       "test.json:1: /clients/0/rateLimits: two limits for the same 60 seconds; keep the smaller "
       "one."},
      {R"({"clients": [{"id": "a", "tier": "trial", "redirectUris": ["x", "x"]}]})",
       "test.json:1: /clients/0/redirectUris: the URI \"x\" is listed twice; list it once."},
      {R"({"tokens": [{"token": "t", "client": "a", "scopes": []}]})",
       "test.json:1: /tokens/0/client: there is no client \"a\"; add it to \"clients\", or correct "
       "the reference."},
      {R"({"clients": [{"id": "a", "tier": "trial"}], "tokens": [{"token": "t", "client": "a", "user": "u", "scopes": []}]})",
       "test.json:1: /tokens/0/user: there is no user \"u\"; add it to \"users\", or correct the "
       "reference."},
      {R"({"clients": [{"id": "a", "tier": "trial"}], "tokens": [{"token": "t", "name": "n", "client": "a", "scopes": []},
                                                                  {"token": "t", "name": "m", "client": "a", "scopes": []}]})",
       "test.json:2: /tokens/1: the same token is there twice (its name here: \"m\"); keep one of "
       "the two."},
      {R"({"clients": [{"id": "a", "tier": "trial"}], "tokens": [{"token": "t", "name": "n", "client": "a", "scopes": []},
                                                                  {"token": "s", "name": "n", "client": "a", "scopes": []}]})",
       "test.json:2: /tokens/1: another token named \"n\" is there already; give each its own."},
  };
  for (const Row& row : rows) {
    INFO(row.text);
    CHECK(RefusalOf(row.text) == row.sentence);
  }
  CHECK(RefusalOf(R"({"users": [{"id": "u", "connections": ["x", "y"]}]})").find("\n") !=
        std::string::npos);
}

TEST_CASE("a store in a file is seeded when new and kept afterwards") {
  const TemporaryFolder folder;
  const std::string file = folder / "store.db";
  {
    Fixtures fixtures(file, DefaultFixtures());
    CHECK_FALSE(fixtures.WasKept());
  }
  Fixtures fixtures(file, ReadFixture("{}"));
  CHECK(fixtures.WasKept());
  CHECK(fixtures.CountConnections() == 5);
}

TEST_CASE("what another process changes in the file shows after the next Refresh") {
  const TemporaryFolder folder;
  const std::string file = folder / "store.db";
  Fixtures fixtures(file, DefaultFixtures());
  CHECK(fixtures.FindConnection(kExampleId)->connection.display_name == "30");
  CHECK(fixtures.MayRead("reader", kExampleId));
  CHECK_FALSE(fixtures.FindToken("reader-token")->expires.has_value());

  auto shell = Shell(file);
  shell.exec(
      "update connections set display_name = 'changed'; delete from readers;"
      "update tokens set expires = '2030-01-01T00:00:00Z'");
  fixtures.Refresh();
  CHECK(fixtures.FindConnection(kExampleId)->connection.display_name == "changed");
  CHECK_FALSE(fixtures.MayRead("reader", kExampleId));
  CHECK(fixtures.FindToken("reader-token")->expires.has_value());
}

TEST_CASE("rows that somebody holds stay as they are") {
  const TemporaryFolder folder;
  const std::string file = folder / "store.db";
  Fixtures fixtures(file, DefaultFixtures());
  const auto held = fixtures.FindConnection(kExampleId);
  Shell(file).exec("delete from connections");
  fixtures.Refresh();
  CHECK_FALSE(fixtures.FindConnection(kExampleId));
  CHECK(held->connection.display_name == "30");
}

TEST_CASE("the schema refuses rubbish from the shell, too") {
  const TemporaryFolder folder;
  const std::string file = folder / "store.db";
  const Fixtures fixtures(file, DefaultFixtures());
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
  const Fixtures first(file, DefaultFixtures());
  CHECK(Thrown<StoreError>([&] { Fixtures second(file, DefaultFixtures()); }) ==
        "the store " + file +
            " is in use by another Export Emulator. Stop that one, or name another file.");
}

TEST_CASE(
    "a newer store, another program's database and plain rubbish are refused and left alone") {
  const TemporaryFolder folder;
  const std::string newer = folder / "newer.db";
  { const Fixtures fixtures(newer, DefaultFixtures()); }
  Shell(newer).exec("pragma user_version = 99");
  CHECK(Thrown<StoreError>([&] {
          Fixtures fixtures(newer, DefaultFixtures());
        }).find("has version 99, newer than") != std::string::npos);

  const std::string foreign = folder / "foreign.db";
  Shell(foreign).exec("create table x (y)");
  CHECK(Thrown<StoreError>([&] {
          Fixtures fixtures(foreign, DefaultFixtures());
        }).find("of another program") != std::string::npos);
  CHECK(Shell(foreign).execAndGet("select count(*) from sqlite_schema").getInt() == 1);

  const std::string rubbish = folder / "rubbish.db";
  std::ofstream(rubbish) << std::string(4096, 'x');
  CHECK(Thrown<StoreError>([&] {
          Fixtures fixtures(rubbish, DefaultFixtures());
        }).find("cannot be used") != std::string::npos);
  CHECK(ReadFile(rubbish) == std::string(4096, 'x'));

  CHECK(Thrown<StoreError>([&] {
          Fixtures fixtures(folder / "none/store.db", DefaultFixtures());
        }).find("No such file or directory") != std::string::npos);
}

TEST_CASE("bad fixtures leave no store behind: the next start seeds it") {
  const TemporaryFolder folder;
  const std::string file = folder / "store.db";
  const auto bad = ReadFixture(R"({"connections": [{"id": "c"}, {"id": "c"}]})");
  CHECK(Thrown<FixtureError>([&] { Fixtures fixtures(file, bad); }).find("another connection") !=
        std::string::npos);
  Fixtures fixtures(file, DefaultFixtures());
  CHECK_FALSE(fixtures.WasKept());
  CHECK(fixtures.CountConnections() == 5);
}

TEST_CASE("an older store is migrated step by step, and not at all when a step fails") {
  const std::string_view steps[] = {"create table a (x)", "alter table a add column y",
                                    "insert into a values (1, 2)"};
  SQLite::Database database(":memory:", SQLite::OPEN_READWRITE);
  {
    SQLite::Transaction transaction(database);
    Migrate(database, std::span(steps, 1));
    transaction.commit();
  }
  CHECK(database.execAndGet("pragma user_version").getInt() == 1);

  const std::string_view broken[] = {steps[0], steps[1], "no SQL"};
  CHECK_THROWS([&] {
    SQLite::Transaction transaction(database);
    Migrate(database, broken);
    transaction.commit();
  }());
  CHECK(database.execAndGet("pragma user_version").getInt() == 1);

  SQLite::Transaction transaction(database);
  Migrate(database, steps);
  transaction.commit();
  CHECK(database.execAndGet("pragma user_version").getInt() == 3);
  CHECK(database.execAndGet("select y from a").getInt() == 2);
}

TEST_CASE("concurrency: readers meet whole rows while another process writes") {
  const TemporaryFolder folder;
  const std::string file = folder / "store.db";
  Fixtures fixtures(file, DefaultFixtures());
  std::vector<std::thread> readers;
  std::atomic<bool> torn{false};
  std::atomic<int> rounds{0};
  for (int t = 0; t < 4; ++t)
    readers.emplace_back([&] {
      while (rounds < 50) {
        fixtures.Refresh();
        const auto row = fixtures.FindConnection(kExampleId);
        if (row->connection.display_name != row->connection.i_model_id &&
            row->connection.display_name != "30")
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
