// The database of a fixture store: made, opened, locked, migrated, and watched for what others
// commit to it. What its tables hold is for fixture_reader.* and fixture_writer.*.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

namespace SQLite {
class Database;
}

namespace emulator {

// The store cannot be used: what() is a sentence with the file and the way out.
class StoreError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Somebody else is writing into the store's file, and for longer than one waits.
class StoreBusyError : public StoreError {
 public:
  using StoreError::StoreError;
};

// One process at a time. The lock is on a file beside the database: locks of SQLite's own would
// keep the `sqlite3` shell out as well. The file stays; a lock dies with its process.
class StoreLock {
 public:
  // Throws StoreError.
  explicit StoreLock(const std::string& store);
  ~StoreLock();
  StoreLock(const StoreLock&) = delete;
  StoreLock& operator=(const StoreLock&) = delete;

 private:
  int descriptor_;
};

// An empty database in memory, without tables.
std::unique_ptr<SQLite::Database> OpenInMemory();

// A connection to a database file, which is made when it is not there. Throws SQLite::Exception,
// and StoreError when it is another program's.
std::unique_ptr<SQLite::Database> OpenFile(const std::string& file);

// True when nothing was ever put into it.
bool IsEmpty(SQLite::Database& database);

// Marks a new database as ours. REQUIRES: an open transaction.
void MarkAsStore(SQLite::Database& database);

bool IsOfThisVersion(SQLite::Database& database);

// Brings a store's tables to the newest version of the schema: those of a new one or an older one.
// Throws StoreError when it is newer than that. REQUIRES: an open transaction, so that it happens
// whole or not at all.
void MigrateStore(SQLite::Database& database);

// The same, with the steps given: step i makes version i + 1 (`user_version`) of version i. Public
// for its test.
void Migrate(SQLite::Database& database, std::span<const std::string_view> steps);

// Tells whether anybody, in this process or another, has committed to a database file: what
// `pragma data_version` tells, without a lock, a system call or SQLite. It reads the header of the
// write-ahead log's index, which all connections share in memory and every commit changes
// (sqlite.org/walformat.html, section 2.1). Where there is no such index, or it is of another
// version, it says yes every time.
// Threads: any. The database outlives it.
class CommitWatch {
 public:
  using State = std::array<uint64_t, 6>;

  // REQUIRES: the database has been read from.
  explicit CommitWatch(SQLite::Database& database);

  // Since the state that was Seen.
  bool Moved() const;
  State Now() const;
  void Seen(const State& state);

 private:
  uint64_t* const header_;  // the index's; nullptr: there is none to read
  std::array<std::atomic<uint64_t>, std::tuple_size_v<State>> seen_{};
};

}  // namespace emulator
