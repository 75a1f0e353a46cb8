#include "world/store_database.h"

#include <SQLiteCpp/SQLiteCpp.h>

#include <thread>

#include "temporary_folder.h"
#include "world.h"

using namespace emulator;

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

TEST_CASE("a commit moves the watch, whoever made it; a change that is not committed does not") {
  const TemporaryFolder folder;
  const std::string file = folder / "store.db";
  const auto ours = OpenFile(file);
  {
    SQLite::Transaction transaction(*ours);
    MarkAsStore(*ours);
    ours->exec("create table t (x)");
    transaction.commit();
  }
  CommitWatch watch(*ours);
  const auto moved = [&] {
    const bool has = watch.Moved();
    watch.Seen(watch.Now());
    return has;
  };
  CHECK_FALSE(moved());

  const auto other = OpenFile(file);
  CHECK_FALSE(moved());
  for (int i = 0; i < 3; ++i) {
    SQLite::Transaction transaction(*other);
    other->exec("insert into t values (1)");
    CHECK_FALSE(moved());
    transaction.commit();
    CHECK(moved());
    CHECK_FALSE(moved());
  }
  ours->exec("insert into t values (2)");
  CHECK(moved());
  // From here on the log starts anew.
  other->exec("pragma wal_checkpoint(truncate)");
  moved();
  other->exec("insert into t values (3)");
  CHECK(moved());
  other->exec("vacuum");
  CHECK(moved());
}

TEST_CASE("where there is no index of a write-ahead log, the watch says yes every time") {
  const auto database = OpenInMemory();
  CommitWatch watch(*database);
  CHECK(watch.Moved());
  watch.Seen(watch.Now());
  CHECK(watch.Moved());
}

TEST_CASE("concurrency: what was committed before one looks has moved the watch") {
  const TemporaryFolder folder;
  const std::string file = folder / "store.db";
  const auto ours = OpenFile(file);
  MarkAsStore(*ours);
  ours->exec("create table t (x); insert into t values (0)");
  CommitWatch watch(*ours);
  std::atomic<int> committed{0};
  std::thread writer([&] {
    const auto other = OpenFile(file);
    for (int i = 1; i <= 300; ++i) {
      other->exec("update t set x = " + std::to_string(i));
      committed = i;
    }
  });
  int cached = 0;
  bool stale = false;
  while (cached < 300) {
    const int before = committed;
    if (watch.Moved()) {
      const auto state = watch.Now();
      cached = ours->execAndGet("select x from t").getInt();
      watch.Seen(state);
    }
    stale = stale || cached < before;
  }
  writer.join();
  CHECK_FALSE(stale);
}
