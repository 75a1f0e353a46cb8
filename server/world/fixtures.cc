#include "world/fixtures.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "embedded.h"
#include "world/fixture_rows.h"

namespace emulator {

namespace {

constexpr int kBusyMilliseconds = 2000;  // how long another process may hold the file

// "Exem" in ASCII: tells our files from other SQLite files.
constexpr int64_t kApplicationId = 0x4578656d;

// Version 1 is schema/fixtures.sql. A later version appends a step; a released one never changes.
std::vector<std::string_view> SchemaSteps() {
  return {embedded::kFixturesSql};
}

std::optional<std::string> OptionalText(const SQLite::Column& column) {
  if (column.isNull()) return std::nullopt;
  return column.getString();
}

std::vector<std::string> SplitScopes(const std::string& text) {
  std::vector<std::string> scopes;
  for (size_t start = 0; start < text.size();) {
    const size_t end = std::min(text.find(' ', start), text.size());
    if (end > start) scopes.push_back(text.substr(start, end - start));
    start = end + 1;
  }
  return scopes;
}

// REQUIRES: what the schema's CHECK lets pass.
std::optional<Time> ToTime(const std::optional<std::string>& text) {
  if (!text) return std::nullopt;
  return ParseTime(*text).value();
}

int64_t Pragma(SQLite::Database& database, const char* name) {
  return database.execAndGet(std::string("pragma ") + name).getInt64();
}

// Makes a new database and its rows, all or nothing.
void Seed(SQLite::Database& database, const FixtureSet& seed) {
  SQLite::Transaction transaction(database);
  database.exec("pragma application_id = " + std::to_string(kApplicationId));
  Migrate(database, SchemaSteps());
  InsertFixtures(database, seed);
  transaction.commit();
}

void SetUp(SQLite::Database& database) {
  database.setBusyTimeout(kBusyMilliseconds);
  database.exec("pragma foreign_keys = on");
  database.exec("pragma recursive_triggers = on");
}

bool IsEmpty(SQLite::Database& database) {
  return database.execAndGet("select count(*) from sqlite_schema").getInt() == 0;
}

}  // namespace

// One process at a time. The lock is on a file beside the database: locks of SQLite's own would
// keep the `sqlite3` shell out as well. The file stays; a lock dies with its process.
class Fixtures::FileLock {
 public:
  explicit FileLock(const std::string& store) {
    const std::string file = store + ".lock";
    descriptor_ = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (descriptor_ < 0)
      throw StoreError("cannot open the store " + store + ": " + file + ": " +
                       std::strerror(errno) +
                       ". Name a file in a folder that exists and can be written to.");
    if (::flock(descriptor_, LOCK_EX | LOCK_NB) != 0) {
      ::close(descriptor_);
      throw StoreError(
          "the store " + store +
          " is in use by another Export Emulator. Stop that one, or name another file.");
    }
  }
  ~FileLock() { ::close(descriptor_); }
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;

 private:
  int descriptor_;
};

class Fixtures::Statements {
 public:
  explicit Statements(SQLite::Database& database)
      : connection(database,
                   "select id, i_model_id, i_twin_id, display_name, authentication_type,"
                   " i_model_href, i_twin_href, project_href, last_run_href"
                   " from connections where id = ?"),
        token(database,
              "select t.token, t.name, t.user_id, t.client_id, t.scopes, t.issuer, t.not_before,"
              " t.expires, c.tier, c.user_id, c.registered"
              " from tokens t join clients c on c.id = t.client_id where t.token = ?"),
        limits(database,
               "select max_calls, seconds from client_rate_limits where client_id = ?"
               " order by rowid"),
        may_read(database,
                 "select exists (select 1 from users where id = ?1 and reads_all)"
                 " or exists (select 1 from readers where user_id = ?1 and connection_id = ?2)"),
        data_version(database, "pragma data_version") {}

  SQLite::Statement connection, token, limits, may_read, data_version;
};

namespace {

// A statement that is reset, and its texts let go, however its user leaves.
class Use {
 public:
  explicit Use(SQLite::Statement& statement) : statement_(statement) {}
  ~Use() {
    statement_.tryReset();
    statement_.clearBindings();
  }
  Use(const Use&) = delete;
  Use& operator=(const Use&) = delete;
  SQLite::Statement* operator->() { return &statement_; }

 private:
  SQLite::Statement& statement_;
};

}  // namespace

Fixtures::Fixtures(const FixtureSet& seed)
    : database_(std::make_unique<SQLite::Database>(
          ":memory:", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE | SQLite::OPEN_NOMUTEX)),
      in_file_(false) {
  SetUp(*database_);
  Seed(*database_, seed);
  Prepare();
}

Fixtures::Fixtures(const std::string& name, const FixtureSet& seed) : in_file_(true) {
  // One store has one lock, whatever links lead to it.
  std::error_code no_path;
  const std::filesystem::path path = std::filesystem::weakly_canonical(name, no_path);
  const std::string file = no_path ? name : path.string();
  file_lock_ = std::make_unique<FileLock>(file);
  const bool is_new = !std::filesystem::exists(file);
  try {
    database_ = std::make_unique<SQLite::Database>(
        file, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE | SQLite::OPEN_NOMUTEX);
    SetUp(*database_);
    was_kept_ = !IsEmpty(*database_);
    if (was_kept_ && Pragma(*database_, "application_id") != kApplicationId)
      throw StoreError(
          "the file " + file +
          " is a SQLite database of another program. Name another file for the store.");
    if (sqlite3_db_readonly(database_->getHandle(), "main") == 1)
      throw StoreError("the store " + file + " may only be read. Name a file that you may write.");
    // A write-ahead log lets the shell write while we read, and a reader never waits.
    database_->exec("pragma journal_mode = wal");
    database_->exec("pragma synchronous = normal");  // safe when the process dies
    if (!was_kept_) {
      Seed(*database_, seed);
    } else if (Pragma(*database_, "user_version") != std::ssize(SchemaSteps())) {
      // A transaction that begins by reading is refused at once when others write meanwhile.
      SQLite::Transaction transaction(*database_, SQLite::TransactionBehavior::IMMEDIATE);
      Migrate(*database_, SchemaSteps());
      transaction.commit();
    }
    Prepare();
  } catch (const FixtureError&) {
    // Bad fixtures leave no file behind that looks like a store.
    database_.reset();
    for (const char* part : {"", "-wal", "-shm"})
      if (is_new) std::filesystem::remove(file + part, no_path);
    throw;
  } catch (const SQLite::Exception& error) {
    throw StoreError("the store " + file + " cannot be used: " + error.what() +
                     ". Name a file that is a store of the Export Emulator, or a new one.");
  }
}

Fixtures::~Fixtures() {
  statements_.reset();
  database_.reset();
}

void Fixtures::Prepare() {
  statements_ = std::make_unique<Statements>(*database_);
  data_version_ = Pragma(*database_, "data_version");
}

void Fixtures::Refresh() {
  if (!in_file_) return;
  const std::lock_guard lock(database_mutex_);
  Use query(statements_->data_version);
  query->executeStep();
  const int64_t version = query->getColumn(0).getInt64();
  if (version == data_version_) return;
  data_version_ = version;
  connections_.Clear();
  tokens_.Clear();
  may_read_.Clear();
}

template <typename Row>
std::shared_ptr<const Row> Fixtures::ReadThrough(
    Cache<std::shared_ptr<const Row>>& cache, const std::string& key,
    std::shared_ptr<const Row> (Fixtures::*query)(const std::string&)) {
  if (auto kept = cache.Find(key)) return *kept;
  const std::lock_guard lock(database_mutex_);
  auto row = (this->*query)(key);
  // Still under the lock: a change that comes after this reading also clears after this keeping.
  if (row) cache.Keep(key, row);
  return row;
}

std::shared_ptr<const ConnectionRow> Fixtures::FindConnection(const std::string& id) {
  return ReadThrough(connections_, id, &Fixtures::QueryConnection);
}

std::shared_ptr<const TokenRow> Fixtures::FindToken(const std::string& token) {
  return ReadThrough(tokens_, token, &Fixtures::QueryToken);
}

bool Fixtures::MayRead(const std::string& user, const std::string& connection_id) {
  const std::string key = user + '\0' + connection_id;
  if (const auto kept = may_read_.Find(key)) return *kept;
  const std::lock_guard lock(database_mutex_);
  const bool may = QueryMayRead(user, connection_id);
  may_read_.Keep(key, may);
  return may;
}

int64_t Fixtures::CountConnections() {
  const std::lock_guard lock(database_mutex_);
  return database_->execAndGet("select count(*) from connections").getInt64();
}

std::shared_ptr<const ConnectionRow> Fixtures::QueryConnection(const std::string& id) {
  Use query(statements_->connection);
  query->bind(1, id);
  if (!query->executeStep()) return nullptr;
  auto row = std::make_shared<ConnectionRow>();
  row->connection = {.id = query->getColumn(0).getString(),
                     .i_model_id = OptionalText(query->getColumn(1)),
                     .i_twin_id = OptionalText(query->getColumn(2)),
                     .display_name = OptionalText(query->getColumn(3)),
                     .authentication_type = OptionalText(query->getColumn(4)),
                     .i_model_link = OptionalText(query->getColumn(5)),
                     .i_twin_link = OptionalText(query->getColumn(6)),
                     .project_link = OptionalText(query->getColumn(7)),
                     .last_run_link = OptionalText(query->getColumn(8))};
  return row;
}

std::shared_ptr<const TokenRow> Fixtures::QueryToken(const std::string& token) {
  Use query(statements_->token);
  query->bind(1, token);
  if (!query->executeStep()) return nullptr;
  auto row = std::make_shared<TokenRow>();
  row->token = {.token = query->getColumn(0).getString(),
                .name = query->getColumn(1).getString(),
                .user = OptionalText(query->getColumn(2)),
                .client = query->getColumn(3).getString(),
                .scopes = SplitScopes(query->getColumn(4).getString()),
                .issuer = OptionalText(query->getColumn(5)),
                .not_before = OptionalText(query->getColumn(6)),
                .expires = OptionalText(query->getColumn(7))};
  row->client.id = row->token.client;
  row->client.tier = query->getColumn(8).getString();
  row->client.user = OptionalText(query->getColumn(9));
  row->client.registered = query->getColumn(10).getInt() != 0;
  row->user = row->token.user ? row->token.user : row->client.user;
  row->not_before = ToTime(row->token.not_before);
  row->expires = ToTime(row->token.expires);

  Use limits(statements_->limits);
  limits->bind(1, row->client.id);
  while (limits->executeStep())
    row->client.rate_limits.push_back(
        {limits->getColumn(0).getInt64(), std::chrono::seconds(limits->getColumn(1).getInt64())});
  return row;
}

bool Fixtures::QueryMayRead(const std::string& user, const std::string& connection_id) {
  Use query(statements_->may_read);
  query->bind(1, user);
  query->bind(2, connection_id);
  query->executeStep();
  return query->getColumn(0).getInt() != 0;
}

void Migrate(SQLite::Database& database, std::span<const std::string_view> steps) {
  const int64_t version = Pragma(database, "user_version");
  const auto newest = static_cast<int64_t>(steps.size());
  if (version < 0)
    throw StoreError("the store " + database.getFilename() + " has version " +
                     std::to_string(version) +
                     ", which no Export Emulator writes. Name another file.");
  if (version > newest)
    throw StoreError("the store " + database.getFilename() + " has version " +
                     std::to_string(version) + ", newer than this program knows (" +
                     std::to_string(newest) +
                     "). Use a newer Export Emulator, or name another file.");
  for (auto step = version; step < newest; ++step)
    database.exec(std::string(steps[static_cast<size_t>(step)]));
  database.exec("pragma user_version = " + std::to_string(newest));
}

}  // namespace emulator
