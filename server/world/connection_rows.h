// Connections as the vendor's calls list, make and take them away.
// Threads: the caller has the database to itself.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "world/rows.h"

namespace SQLite {
class Database;
}

namespace emulator {

// Which of a list: `top` items from the one behind the first `skip` on.
struct PageRange {
  int64_t skip = 0;
  int64_t top = 0;
};

// The connections of an iModel.
struct ConnectionPage {
  bool has_any = false;                 // whoever may read it
  int64_t readable = 0;                 // how many the user may read
  std::vector<Connection> connections;  // of these, those of the range; oldest first
};
ConnectionPage ReadConnectionPage(SQLite::Database& database, const std::string& i_model,
                                  const std::string& user, const PageRange& range);

// The iTwin that another connection of the iModel names; nullopt: none does.
std::optional<std::string> FindITwinOf(SQLite::Database& database, const std::string& i_model);

// These REQUIRE an open transaction.

// `reader`: who may read it; nullptr: nobody but who reads all. False, and nothing done, when the
// id is taken.
bool InsertConnection(SQLite::Database& database, const Connection& connection,
                      const std::string* reader);

enum class Removal { kDone, kUnknown, kRunning };
// With its runs. One of which a run is not over at `now` stays.
Removal RemoveConnection(SQLite::Database& database, const std::string& id, Time now);

}  // namespace emulator
