#include "world/fixture_store.h"

#include <SQLiteCpp/Backup.h>
#include <SQLiteCpp/SQLiteCpp.h>
#include <malloc.h>
#include <sqlite3.h>

#include <filesystem>
#include <utility>

namespace emulator {

namespace {

// How much each cache keeps. That of connections holds some 50,000 of the page's example.
constexpr size_t kConnectionBytes = 48 << 20;
constexpr size_t kTokenBytes = 16 << 20;
constexpr size_t kClientBytes = 4 << 20;
constexpr size_t kPermissionBytes = 8 << 20;

// What a row in a cache takes besides its texts: nodes, headers, counts.
constexpr size_t kRowBytes = 128;

size_t BytesOf(const ConnectionRow& row) {
  return kRowBytes + sizeof row + 2 * row.id.size() + row.json.size();
}

size_t BytesOf(const TokenRow& row) {
  size_t bytes = kRowBytes + sizeof row + 2 * row.token.token.size();
  for (const std::string& scope : row.token.scopes) bytes += sizeof(std::string) + scope.size();
  return bytes + row.client.rate_limits.size() * sizeof(RateLimit);
}

size_t BytesOf(const Client& client) {
  return kRowBytes + sizeof client + 2 * client.id.size() +
         client.rate_limits.size() * sizeof(RateLimit);
}

// Reads through a cache. The caller of `query` has the database to itself until the row is kept: a
// change that comes after this reading also clears after this keeping.
template <typename Row, typename Access, typename Query>
std::shared_ptr<const Row> ReadThrough(RowCache<std::shared_ptr<const Row>>& cache,
                                       const std::string& key, Access access, Query query) {
  if (auto kept = cache.Find(key)) return *std::move(kept);
  const auto alone = access();
  std::shared_ptr<const Row> row = query();
  // A miss is not kept: nobody can fill memory by asking for what is not there.
  if (row) cache.Keep(key, row, BytesOf(*row));
  return row;
}

// Makes the tables of a new database and its rows, all or nothing.
void Seed(SQLite::Database& database, const FixtureSet& seed) {
  SQLite::Transaction transaction(database);
  MarkAsStore(database);
  MigrateStore(database);
  InsertFixtures(database, seed);
  transaction.commit();
}

// Gives back to the system what a large file was read into; glibc would keep it all. Not for small
// ones: it stops other threads that allocate.
void Free(FixtureSet set) {
  constexpr size_t kLarge = 32 << 20;
  size_t bytes = 0;
  for (const FixtureText& text : set.texts) bytes += text.text.size();
  set = {};
  if (bytes > kLarge) ::malloc_trim(0);
}

}  // namespace

FixtureStore::FixtureStore(std::unique_ptr<SQLite::Database> database)
    : database_(std::move(database)),
      connections_(kConnectionBytes),
      tokens_(kTokenBytes),
      clients_(kClientBytes),
      reads_all_(kPermissionBytes),
      reads_(kPermissionBytes) {}

FixtureStore::FixtureStore(FixtureSet seed) : FixtureStore(OpenInMemory()) {
  Seed(*database_, seed);
  Free(std::move(seed));
  reader_ = std::make_unique<FixtureReader>(*database_);
}

FixtureStore::FixtureStore(const std::string& name, FixtureSet seed)
    : FixtureStore(std::unique_ptr<SQLite::Database>()) {
  // One store has one lock, whatever links lead to it.
  std::error_code no_path;
  const std::filesystem::path path = std::filesystem::weakly_canonical(name, no_path);
  const std::string file = no_path ? name : path.string();
  file_lock_ = std::make_unique<StoreLock>(file);
  const bool is_new = !std::filesystem::exists(file);
  try {
    database_ = OpenFile(file);
    was_kept_ = !IsEmpty(*database_);
    if (!was_kept_) {
      Seed(*database_, seed);
    } else if (!IsOfThisVersion(*database_)) {
      // A transaction that begins by reading is refused at once when others write meanwhile.
      SQLite::Transaction transaction(*database_, SQLite::TransactionBehavior::IMMEDIATE);
      MigrateStore(*database_);
      transaction.commit();
    }
    Free(std::move(seed));
    reader_ = std::make_unique<FixtureReader>(*database_);
    watch_ = std::make_unique<CommitWatch>(*database_);
    writer_ = OpenFile(file);
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

FixtureStore::~FixtureStore() = default;

FixtureStore::Access FixtureStore::ForRequests() const {
  return {*database_, std::unique_lock(database_mutex_)};
}

FixtureStore::Access FixtureStore::Aside() const {
  if (!writer_) return ForRequests();
  return {*writer_, std::unique_lock(writer_mutex_)};
}

void FixtureStore::Refresh() const {
  if (!watch_ || !watch_->Moved()) return;
  const Access access = ForRequests();
  // What is committed from here on moves it again.
  const CommitWatch::State state = watch_->Now();
  OutdateCaches();
  watch_->Seen(state);
}

void FixtureStore::OutdateCaches() const {
  connections_.Outdate();
  tokens_.Outdate();
  clients_.Outdate();
  reads_all_.Outdate();
  reads_.Outdate();
}

void FixtureStore::FreeCaches() const {
  connections_.Clear();
  tokens_.Clear();
  clients_.Clear();
  reads_all_.Clear();
  reads_.Clear();
}

std::shared_ptr<const ConnectionRow> FixtureStore::FindConnection(const std::string& id) const {
  return ReadThrough(
      connections_, id, [&] { return ForRequests(); }, [&] { return reader_->FindConnection(id); });
}

std::shared_ptr<const TokenRow> FixtureStore::FindToken(const std::string& token) const {
  return ReadThrough(
      tokens_, token, [&] { return ForRequests(); }, [&] { return reader_->FindToken(token); });
}

std::shared_ptr<const Client> FixtureStore::FindClient(const std::string& id) const {
  return ReadThrough(
      clients_, id, [&] { return ForRequests(); }, [&] { return reader_->FindClient(id); });
}

bool FixtureStore::MayRead(const std::string& user, const std::string& connection_id) const {
  // Who reads all is kept once for all connections.
  auto all = reads_all_.Find(user);
  if (!all) {
    const Access access = ForRequests();
    all = reader_->ReadsAll(user);
    if (all) reads_all_.Keep(user, *all, kRowBytes + user.size());
  }
  if (!all || *all) return all.has_value();

  const std::string key = user + '\0' + connection_id;
  if (const auto kept = reads_.Find(key)) return *kept;
  const Access access = ForRequests();
  const bool reads = reader_->Reads(user, connection_id);
  reads_.Keep(key, reads, kRowBytes + key.size());
  return reads;
}

ConnectionPage FixtureStore::ListConnections(const std::string& i_model, const std::string& user,
                                             const PageRange& range) const {
  return ReadConnectionPage(ForRequests().database, i_model, user, range);
}
std::optional<std::string> FixtureStore::FindITwinOf(const std::string& i_model) const {
  return emulator::FindITwinOf(ForRequests().database, i_model);
}
std::optional<Run> FixtureStore::FindRun(const std::string& connection,
                                         const std::string& id) const {
  return emulator::FindRun(ForRequests().database, connection, id);
}
std::optional<Run> FixtureStore::FindActiveRun(const std::string& connection, Time now) const {
  return emulator::FindActiveRun(ForRequests().database, connection, now);
}
RunPage FixtureStore::ListRuns(const std::string& connection, const PageRange& range) const {
  return ReadRunPage(ForRequests().database, connection, range);
}
std::optional<RunPlan> FixtureStore::FindRunPlan(const std::string& connection) const {
  return emulator::FindRunPlan(ForRequests().database, connection);
}
std::optional<bool> FixtureStore::IsAuthorized(const std::string& user) const {
  const auto row = ReadUser(user);
  if (!row) return std::nullopt;
  return row->authorized;
}

int64_t FixtureStore::CountConnections() const {
  return emulator::CountConnections(ForRequests().database);
}

std::optional<Connection> FixtureStore::ReadConnection(const std::string& id) const {
  return emulator::ReadConnection(ForRequests().database, id);
}
std::optional<User> FixtureStore::ReadUser(const std::string& id) const {
  return emulator::ReadUser(ForRequests().database, id);
}
std::optional<Client> FixtureStore::ReadClient(const std::string& id) const {
  return emulator::ReadClient(ForRequests().database, id);
}
std::optional<Token> FixtureStore::ReadToken(const std::string& name) const {
  return emulator::ReadToken(ForRequests().database, name);
}
std::optional<Run> FixtureStore::ReadRun(const std::string& id) const {
  return emulator::ReadRun(ForRequests().database, id);
}
std::optional<RunPlan> FixtureStore::ReadRunPlan(const std::string& connection) const {
  return emulator::ReadRunPlan(ForRequests().database, connection);
}

FixtureSet FixtureStore::ReadAll() const {
  // In memory requests would wait: copying takes a fifth of the time that reading does.
  if (!IsInFile()) return ReadRows(*Clone()->database_);
  const Access access = Aside();
  SQLite::Transaction transaction(access.database);
  return ReadRows(access.database);
}

std::shared_ptr<FixtureStore> FixtureStore::Clone() const {
  auto copy = OpenInMemory();
  {
    const Access access = Aside();
    SQLite::Backup(*copy, access.database).executeStep();
  }
  std::shared_ptr<FixtureStore> clone(new FixtureStore(std::move(copy)));
  clone->reader_ = std::make_unique<FixtureReader>(*clone->database_);
  return clone;
}

template <typename Change>
void FixtureStore::Write(Change change) {
  const Access access = Aside();
  try {
    SQLite::Transaction transaction(access.database, SQLite::TransactionBehavior::IMMEDIATE);
    change(access.database);
    transaction.commit();
  } catch (const SQLite::Exception& error) {
    if (error.getErrorCode() != SQLITE_BUSY) throw;
    throw StoreBusyError("another process is writing into the store " +
                         access.database.getFilename() +
                         " and does not commit. Let it commit, and try again.");
  }
  if (!IsInFile()) OutdateCaches();  // with a file, the watch sees the commit
}

void FixtureStore::Put(const FixtureSet& set) {
  Write([&](SQLite::Database& database) { PutFixtures(database, set); });
}

void FixtureStore::Replace(const FixtureSet& set) {
  Write([&](SQLite::Database& database) {
    ClearFixtures(database);
    InsertFixtures(database, set);
  });
}

Deletion FixtureStore::Delete(Kind kind, const std::string& key) {
  Deletion deletion;
  Write([&](SQLite::Database& database) { deletion = DeleteFixture(database, kind, key); });
  return deletion;
}

bool FixtureStore::AddConnection(const Connection& connection, const std::string* reader) {
  bool is_added = false;
  Write([&](SQLite::Database& database) {
    is_added = InsertConnection(database, connection, reader);
  });
  return is_added;
}

Removal FixtureStore::RemoveConnection(const std::string& id, Time now) {
  Removal removal = Removal::kUnknown;
  Write(
      [&](SQLite::Database& database) { removal = emulator::RemoveConnection(database, id, now); });
  return removal;
}

FixtureStore::Start FixtureStore::StartRun(const Run& run, const std::string& link) {
  Start start = Start::kDone;
  Write([&](SQLite::Database& database) {
    if (!emulator::ReadConnection(database, run.connection))
      start = Start::kNoConnection;
    else if (emulator::FindActiveRun(database, run.connection, ParseTime(run.start).value()))
      start = Start::kAnotherActive;
    else if (!InsertRun(database, run, link))
      start = Start::kIdTaken;
  });
  return start;
}

}  // namespace emulator
