// The fixture store: SQLite is the truth, in memory or in a file, and this is the only place that
// talks to it. Rows are read through a cache, so that a hot request does not meet SQLite; with a
// file the cache is dropped when any process has changed the file.
//
// Threads: any thread may call anything at any time.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <shared_mutex>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "world/fixture_file.h"
#include "world/rows.h"

namespace SQLite {
class Database;
class Statement;
}  // namespace SQLite

namespace emulator {

// The store cannot be used: what() is a sentence with the file and the way out.
class StoreError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// A connection and the text of its answer.
struct ConnectionRow {
  Connection connection;
  KeptText rendered;
};

// A token with its client and the user it acts for.
struct TokenRow {
  Token token;
  Client client;
  std::optional<std::string> user;  // the token's, else the client's; absent: it acts for nobody
  std::optional<Time> not_before;
  std::optional<Time> expires;
};

class Fixtures {
 public:
  // A store in memory. Throws FixtureError when a row of the set does not fit the others.
  explicit Fixtures(const FixtureSet& seed);

  // A store in a file, made and seeded in one transaction when it is not there yet; else `seed` is
  // not looked at. An older version is migrated. Throws FixtureError as above, and StoreError: the
  // file is no store of ours, is of a newer version, or another process has it open.
  Fixtures(const std::string& name, const FixtureSet& seed);

  ~Fixtures();
  Fixtures(const Fixtures&) = delete;
  Fixtures& operator=(const Fixtures&) = delete;

  // True when the file was there before: the seed was not used.
  bool WasKept() const { return was_kept_; }

  // Call once at the start of a request: from here on it sees what other processes have committed
  // to the file so far. Costs nothing for a store in memory.
  void Refresh();

  // nullptr when there is none. The rows stay as they are for as long as the caller holds them.
  std::shared_ptr<const ConnectionRow> FindConnection(const std::string& id);
  std::shared_ptr<const TokenRow> FindToken(const std::string& token);

  bool MayRead(const std::string& user, const std::string& connection_id);

  int64_t CountConnections();

 private:
  // A reader's map in front of a query. A miss is not kept: nobody can fill memory by asking for
  // what is not there.
  template <typename Value>
  class Cache {
   public:
    std::optional<Value> Find(const std::string& key) const {
      const std::shared_lock lock(mutex_);
      const auto found = values_.find(key);
      if (found == values_.end()) return std::nullopt;
      return found->second;
    }
    void Keep(const std::string& key, Value value) {
      const std::unique_lock lock(mutex_);
      if (values_.size() >= kMostKept) values_.clear();
      values_.insert_or_assign(key, std::move(value));
    }
    void Clear() {
      const std::unique_lock lock(mutex_);
      values_.clear();
    }

   private:
    static constexpr size_t kMostKept = 100'000;
    mutable std::shared_mutex mutex_;
    std::unordered_map<std::string, Value> values_;  // guarded by mutex_
  };
  class Statements;  // prepared once
  class FileLock;

  // Reads through a cache. `query` runs with the database to itself.
  template <typename Row>
  std::shared_ptr<const Row> ReadThrough(
      Cache<std::shared_ptr<const Row>>& cache, const std::string& key,
      std::shared_ptr<const Row> (Fixtures::*query)(const std::string&));
  std::shared_ptr<const ConnectionRow> QueryConnection(const std::string& id);
  std::shared_ptr<const TokenRow> QueryToken(const std::string& token);
  bool QueryMayRead(const std::string& user, const std::string& connection_id);

  void Prepare();

  std::unique_ptr<FileLock> file_lock_;  // of a store in a file; released last
  std::mutex database_mutex_;            // guards the database, its statements and data_version_
  std::unique_ptr<SQLite::Database> database_;
  std::unique_ptr<Statements> statements_;
  const bool in_file_;
  bool was_kept_ = false;
  int64_t data_version_ = 0;

  Cache<std::shared_ptr<const ConnectionRow>> connections_;
  Cache<std::shared_ptr<const TokenRow>> tokens_;
  Cache<bool> may_read_;  // key: user, NUL, connection id
};

// Brings a database from the version it says it has (`user_version`; 0 is an empty one) to
// steps.size(): step i makes version i + 1 of version i. Throws StoreError when it is newer than
// that. REQUIRES: an open transaction, so that it happens whole or not at all. Public for its test.
void Migrate(SQLite::Database& database, std::span<const std::string_view> steps);

}  // namespace emulator
