// A fixture store: SQLite is the truth, in memory or in a file. What requests ask for is read
// through caches, so that a hot request does not meet SQLite; they are outdated when rows change,
// and with a file when any process has changed it.
//
// Threads: any thread may call anything at any time. A request that meets a cache waits for nobody.
// Reading past the caches takes turns. A write to a file goes through a connection of its own and
// keeps no reader waiting; one in memory does, for as long as it takes.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "world/connection_rows.h"
#include "world/fixture_file.h"
#include "world/fixture_reader.h"
#include "world/fixture_writer.h"
#include "world/row_cache.h"
#include "world/rows.h"
#include "world/run_rows.h"
#include "world/store_database.h"

namespace emulator {

class FixtureStore {
 public:
  // A store in memory. Throws FixtureError when a row of the set does not fit the others.
  explicit FixtureStore(FixtureSet seed);

  // A store in a file, made and seeded in one transaction when it is not there yet; else `seed` is
  // not looked at. An older version is migrated. Throws FixtureError as above, and StoreError: the
  // file is no store of ours, is of a newer version, or another process has it open.
  FixtureStore(const std::string& name, FixtureSet seed);

  ~FixtureStore();
  FixtureStore(const FixtureStore&) = delete;
  FixtureStore& operator=(const FixtureStore&) = delete;

  bool IsInFile() const { return writer_ != nullptr; }
  // True when the file was there before: the seed was not used.
  bool WasKept() const { return was_kept_; }

  // --- What requests ask for ---

  // Call once at the start of a request: from here on it sees what anybody has committed to the
  // file so far. Costs nothing for a store in memory, and next to nothing for one in a file.
  void Refresh() const;

  // nullptr when there is none. The rows stay as they are for as long as the caller holds them.
  std::shared_ptr<const ConnectionRow> FindConnection(const std::string& id) const;
  std::shared_ptr<const TokenRow> FindToken(const std::string& token) const;
  // Without its secret and redirect URIs.
  std::shared_ptr<const Client> FindClient(const std::string& id) const;

  bool MayRead(const std::string& user, const std::string& connection_id) const;

  // Past the caches: connection_rows.h, run_rows.h.
  ConnectionPage ListConnections(const std::string& i_model, const std::string& user,
                                 const PageRange& range) const;
  std::optional<std::string> FindITwinOf(const std::string& i_model) const;
  std::optional<Run> FindRun(const std::string& connection, const std::string& id) const;
  std::optional<Run> FindActiveRun(const std::string& connection, Time now) const;
  RunPage ListRuns(const std::string& connection, const PageRange& range) const;
  std::optional<RunPlan> FindRunPlan(const std::string& connection) const;
  // nullopt when there is no such user.
  std::optional<bool> IsAuthorized(const std::string& user) const;

  // Frees what is kept for requests. For a store that no more requests come to, so that not the
  // last one of them has to do it.
  void FreeCaches() const;

  // --- Rows as a fixture file has them ---

  int64_t CountConnections() const;

  // nullopt when there is none.
  std::optional<Connection> ReadConnection(const std::string& id) const;
  std::optional<User> ReadUser(const std::string& id) const;
  std::optional<Client> ReadClient(const std::string& id) const;
  std::optional<Token> ReadToken(const std::string& name) const;
  std::optional<Run> ReadRun(const std::string& id) const;
  std::optional<RunPlan> ReadRunPlan(const std::string& connection) const;

  // All rows, as of one moment, in the order of the fixture file. What is not the same as in the
  // file that they came from: "*" stands first, tokens have names, times are in UTC and to the
  // millisecond.
  FixtureSet ReadAll() const;

  // A copy in memory that shares nothing with this store.
  std::shared_ptr<FixtureStore> Clone() const;

  // --- Changes: each is one transaction, whole or not at all ---

  // All of them throw StoreBusyError when another process is writing for long, and those that take
  // a set FixtureError as at the start. What the sets and the deletion do: fixture_writer.h.
  void Put(const FixtureSet& set);
  void Replace(const FixtureSet& set);  // all rows
  Deletion Delete(Kind kind, const std::string& key);

  // What the vendor's calls change; as InsertConnection and RemoveConnection say.
  bool AddConnection(const Connection& connection, const std::string* reader);
  Removal RemoveConnection(const std::string& id, Time now);
  enum class Start { kDone, kIdTaken, kAnotherActive, kNoConnection };
  // Adds a run whose start is the time that it is. Of one connection only one is active.
  Start StartRun(const Run& run, const std::string& link);

 private:
  // A database and the right to it.
  struct Access {
    SQLite::Database& database;
    std::unique_lock<std::mutex> lock;
  };

  explicit FixtureStore(std::unique_ptr<SQLite::Database> database);

  Access ForRequests() const;
  // Where what takes long keeps no request waiting, if there is such a place.
  Access Aside() const;

  template <typename Change>
  void Write(Change change);
  void OutdateCaches() const;

  std::unique_ptr<StoreLock> file_lock_;  // of a store in a file; released last
  bool was_kept_ = false;

  mutable std::mutex database_mutex_;  // guards the database and its reader
  std::unique_ptr<SQLite::Database> database_;
  std::unique_ptr<FixtureReader> reader_;
  std::unique_ptr<CommitWatch> watch_;  // of a store in a file

  mutable std::mutex writer_mutex_;           // guards the writer
  std::unique_ptr<SQLite::Database> writer_;  // of a store in a file

  mutable RowCache<std::shared_ptr<const ConnectionRow>> connections_;
  mutable RowCache<std::shared_ptr<const TokenRow>> tokens_;  // by token
  mutable RowCache<std::shared_ptr<const Client>> clients_;
  mutable RowCache<bool> reads_all_;  // by user
  mutable RowCache<bool> reads_;      // by user, NUL, connection id
};

}  // namespace emulator
