// Reads rows out of the store's tables: what requests ask for, and the fixtures as a file has them.
// Threads: the caller has the database to itself.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "world/fixture_file.h"
#include "world/rows.h"

namespace SQLite {
class Database;
}

namespace emulator {

class FixtureReader {
 public:
  // The database outlives it.
  explicit FixtureReader(SQLite::Database& database);
  ~FixtureReader();
  FixtureReader(const FixtureReader&) = delete;
  FixtureReader& operator=(const FixtureReader&) = delete;

  // For requests; nullptr or nullopt when there is none.
  std::shared_ptr<const ConnectionRow> FindConnection(const std::string& id);
  std::shared_ptr<const TokenRow> FindToken(const std::string& token);
  std::shared_ptr<const Client> FindClient(const std::string& id);
  std::optional<bool> ReadsAll(const std::string& user);
  // Whether the user reads the connection by its id; who reads all is not looked for here.
  bool Reads(const std::string& user, const std::string& connection_id);

 private:
  class Statements;  // prepared once
  const std::unique_ptr<Statements> statements_;
};

int64_t CountConnections(SQLite::Database& database);

// Rows as a fixture file would have them, in its order. A token has its name for its key.
std::optional<Connection> ReadConnection(SQLite::Database& database, const std::string& id);
std::optional<User> ReadUser(SQLite::Database& database, const std::string& id);
std::optional<Client> ReadClient(SQLite::Database& database, const std::string& id);
std::optional<Token> ReadToken(SQLite::Database& database, const std::string& name);
std::optional<Run> ReadRun(SQLite::Database& database, const std::string& id);
// `connection`: an id, or "*".
std::optional<RunPlan> ReadRunPlan(SQLite::Database& database, const std::string& connection);

// All rows. Those of a set that came from a file come back equal, but for: "*" stands first, tokens
// have names, times are in UTC and to the millisecond. REQUIRES: an open transaction.
FixtureSet ReadRows(SQLite::Database& database);

}  // namespace emulator
