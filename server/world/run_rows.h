// Runs as the vendor's calls look at them and start them.
// Threads: the caller has the database to itself.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "world/connection_rows.h"
#include "world/rows.h"

namespace emulator {

// nullopt when the connection has no such run.
std::optional<Run> FindRun(SQLite::Database& database, const std::string& connection,
                           const std::string& id);

struct RunPage {
  int64_t total = 0;
  std::vector<Run> runs;  // those of the range; the latest start first
};
RunPage ReadRunPage(SQLite::Database& database, const std::string& connection,
                    const PageRange& range);

// One that is not over at that time. Where there are several, as only fixtures can have it, the one
// that started last.
std::optional<Run> FindActiveRun(SQLite::Database& database, const std::string& connection,
                                 Time now);

// That of the connection itself, else that of all; nullopt where there is neither.
std::optional<RunPlan> FindRunPlan(SQLite::Database& database, const std::string& connection);

// Adds it, and its connection's link to its last run. False, and nothing done, when the id is
// taken. REQUIRES: an open transaction, and a connection that there is.
bool InsertRun(SQLite::Database& database, const Run& run, const std::string& link);

}  // namespace emulator
