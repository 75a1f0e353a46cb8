// Puts the rows of fixture files into the store, and words what its schema refuses.
// Threads: the caller has the database to itself.
#pragma once

#include "world/fixture_file.h"

namespace SQLite {
class Database;
}

namespace emulator {

// REQUIRES: an open transaction on an empty store. Throws FixtureError with all that was refused;
// the caller rolls back.
void InsertFixtures(SQLite::Database& database, const FixtureSet& set);

}  // namespace emulator
