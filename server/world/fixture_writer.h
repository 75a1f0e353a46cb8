// Puts rows into the store's tables and takes them out, and words what the schema refuses.
// Threads: the caller has the database to itself.
#pragma once

#include <string>

#include "world/fixture_file.h"

namespace SQLite {
class Database;
}

namespace emulator {

// What came of deleting a row.
struct Deletion {
  enum Outcome { kDone, kUnknown, kReferenced };
  Outcome outcome = kDone;
  std::string referrers{};  // of kReferenced, as `token "reader" and 2 others`; else empty
};

// All of these REQUIRE an open transaction, which the caller rolls back when they throw. Those that
// take a set throw FixtureError with all that was refused (at most 20 sentences).

// Adds the rows of a set; a row that is there already is refused.
void InsertFixtures(SQLite::Database& database, const FixtureSet& set);

// Adds the rows of a set or puts them in the place of those with the same key (a token's is its
// name, a run plan's its connection), where they keep their position. A user's connections and a
// client's limits and URIs are replaced; who may read a connection stays.
void PutFixtures(SQLite::Database& database, const FixtureSet& set);

// Deletes all rows.
void ClearFixtures(SQLite::Database& database);

// Deletes a row by its key, and with a connection or a user who may read it or what it may read. A
// row that others refer to stays.
Deletion DeleteFixture(SQLite::Database& database, Kind kind, const std::string& key);

}  // namespace emulator
