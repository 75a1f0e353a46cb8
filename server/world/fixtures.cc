#include "world/fixtures.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "door/digest.h"
#include "embedded.h"

namespace emulator {

namespace {

constexpr size_t kMostSentences = 20;
constexpr int kBusyMilliseconds = 2000;  // how long another process may hold the file

// "Exem" in ASCII: tells our files from other SQLite files.
constexpr int64_t kApplicationId = 0x4578656d;

constexpr std::string_view kSeparator(" ");

// Version 1 is schema/fixtures.sql. A later version appends a step; a released one never changes.
std::vector<std::string_view> SchemaSteps() {
  return {embedded::kFixturesSql};
}

void Bind(SQLite::Statement& statement, int index, const std::optional<std::string>& text) {
  if (text)
    statement.bind(index, *text);
  else
    statement.bind(index);
}

std::optional<std::string> OptionalText(const SQLite::Column& column) {
  if (column.isNull()) return std::nullopt;
  return column.getString();
}

std::vector<std::string> SplitScopes(const std::string& text) {
  std::vector<std::string> scopes;
  for (size_t start = 0; start < text.size();) {
    const size_t end = std::min(text.find(kSeparator, start), text.size());
    if (end > start) scopes.push_back(text.substr(start, end - start));
    start = end + kSeparator.size();
  }
  return scopes;
}

std::string JoinScopes(const std::vector<std::string>& scopes) {
  std::string text;
  for (const std::string& scope : scopes) {
    if (!text.empty()) text += kSeparator;
    text += scope;
  }
  return text;
}

std::optional<Time> StoredTime(const std::optional<std::string>& text) {
  if (!text) return std::nullopt;
  const auto time = ParseTime(*text);
  if (!time) throw StoreError("a token of the store has the time \"" + *text + "\", which is none");
  return time;
}

int64_t Pragma(SQLite::Database& database, const char* name) {
  return database.execAndGet(std::string("pragma ") + name).getInt64();
}

// Stores the rows of a fixture set and words what the schema refuses.
class Seeder {
 public:
  Seeder(SQLite::Database& database, const FixtureSet& set) : database_(database), set_(set) {}

  // REQUIRES: an open transaction. Throws FixtureError with all that was refused.
  void Run() {
    Each(set_.connections, &Seeder::Insert);
    Each(set_.users, &Seeder::Insert);
    for (const auto& item : set_.users.items) InsertReaders(item);
    Each(set_.clients, &Seeder::Insert);
    Each(set_.tokens, &Seeder::Insert);
    if (!sentences_.empty()) throw FixtureError(sentences_);
  }

 private:
  template <typename Row>
  using Item = typename Section<Row>::Item;

  template <typename Row>
  void Each(const Section<Row>& section, void (Seeder::*insert)(const Item<Row>&)) {
    for (const auto& item : section.items) (this->*insert)(item);
  }

  void Insert(const Item<Connection>& item) {
    const Connection& c = item.row;
    auto& insert =
        Statement(connection_, "insert into connections values (?, ?, ?, ?, ?, ?, ?, ?, ?)");
    insert.bind(1, c.id);
    int column = 2;
    for (const auto& text : {c.i_model_id, c.i_twin_id, c.display_name, c.authentication_type,
                             c.i_model_link, c.i_twin_link, c.project_link, c.last_run_link})
      Bind(insert, column++, text);
    Run(insert, set_.connections, item, "id", Twice("connection", c.id));
  }

  void Insert(const Item<User>& item) {
    auto& insert = Statement(user_, "insert into users values (?, ?)");
    insert.bind(1, item.row.id);
    insert.bind(2, item.row.reads_all ? 1 : 0);
    Run(insert, set_.users, item, "id", Twice("user", item.row.id));
  }

  void InsertReaders(const Item<User>& item) {
    for (size_t i = 0; i < item.row.connections.size(); ++i) {
      const std::string& id = item.row.connections[i];
      auto& insert = Statement(reader_, "insert into readers values (?, ?)");
      insert.bind(1, item.row.id);
      insert.bind(2, id);
      Run(insert, set_.users, item, "connections", Unknown("connection", id),
          "the connection \"" + id + "\" is listed twice; list it once.");
    }
  }

  void Insert(const Item<Client>& item) {
    const Client& c = item.row;
    auto& insert = Statement(client_, "insert into clients values (?, ?, ?, ?, ?)");
    insert.bind(1, c.id);
    Bind(insert, 2, c.secret);
    insert.bind(3, c.tier);
    Bind(insert, 4, c.user);
    insert.bind(5, c.registered ? 1 : 0);
    if (!Run(insert, set_.clients, item, "user", Unknown("user", c.user.value_or("")),
             Twice("client", c.id)))
      return;
    for (const RateLimit& limit : c.rate_limits) {
      auto& insert_limit = Statement(limit_, "insert into client_rate_limits values (?, ?, ?)");
      insert_limit.bind(1, c.id);
      insert_limit.bind(2, static_cast<int64_t>(limit.window.count()));
      insert_limit.bind(3, limit.calls);
      Run(insert_limit, set_.clients, item, "rateLimits",
          "two limits for the same " + std::to_string(limit.window.count()) +
              " seconds; keep the smaller one.");
    }
    for (const std::string& uri : c.redirect_uris) {
      auto& insert_uri = Statement(uri_, "insert into client_redirect_uris values (?, ?)");
      insert_uri.bind(1, c.id);
      insert_uri.bind(2, uri);
      Run(insert_uri, set_.clients, item, "redirectUris",
          "the URI \"" + uri + "\" is listed twice; list it once.");
    }
  }

  void Insert(const Item<Token>& item) {
    const Token& t = item.row;
    const std::string name = t.name.empty() ? ShortHash(t.token).substr(1) : t.name;
    auto& insert = Statement(token_, "insert into tokens values (?, ?, ?, ?, ?, ?, ?, ?)");
    insert.bind(1, t.token);
    insert.bind(2, name);
    Bind(insert, 3, t.user);
    insert.bind(4, t.client);
    insert.bind(5, JoinScopes(t.scopes));
    Bind(insert, 6, t.issuer);
    Bind(insert, 7, t.not_before);
    Bind(insert, 8, t.expires);

    // Which of the two references dangles is not told by SQLite.
    const bool client_known = Exists("select 1 from clients where id = ?", t.client);
    Run(insert, set_.tokens, item, client_known ? "user" : "client",
        client_known ? Unknown("user", t.user.value_or("")) : Unknown("client", t.client),
        Exists("select 1 from tokens where token = ?", t.token)
            ? "the same token is there twice (its name here: \"" + name +
                  "\"); keep one of the two."
            : Twice("token named", name));
  }

  static std::string Twice(const std::string& what, const std::string& id) {
    return "another " + what + " \"" + id + "\" is there already; give each its own.";
  }
  static std::string Unknown(const std::string& what, const std::string& id) {
    return "there is no " + what + " \"" + id + "\"; add it to \"" + what +
           "s\", or correct the reference.";
  }

  SQLite::Statement& Statement(std::optional<SQLite::Statement>& slot, const char* sql) {
    if (!slot) slot.emplace(database_, sql);
    slot->tryReset();  // reset() would throw the last refusal again
    slot->clearBindings();
    return *slot;
  }

  bool Exists(const char* sql, const std::string& key) {
    SQLite::Statement query(database_, sql);
    query.bind(1, key);
    return query.executeStep();
  }

  // Runs an insert. What the schema refuses becomes a sentence: `dangling` for a reference that
  // leads nowhere, `twice` for a key that is taken. False when it was refused.
  template <typename Row>
  bool Run(SQLite::Statement& insert, const Section<Row>& section, const Item<Row>& item,
           const char* member, const std::string& dangling, const std::string& twice = "") {
    try {
      insert.exec();
      return true;
    } catch (const SQLite::Exception& error) {
      if (error.getErrorCode() != SQLITE_CONSTRAINT) throw;
      if (sentences_.size() >= kMostSentences) return false;
      const int cause = error.getExtendedErrorCode();
      const bool is_dangling = cause == SQLITE_CONSTRAINT_FOREIGNKEY;
      const bool is_taken =
          cause == SQLITE_CONSTRAINT_PRIMARYKEY || cause == SQLITE_CONSTRAINT_UNIQUE;
      const std::string place = set_.Place(section, item);
      if (is_dangling)
        sentences_.push_back(place + "/" + member + ": " + dangling);
      else if (is_taken)
        sentences_.push_back(place + ": " + (twice.empty() ? dangling : twice));
      else
        sentences_.push_back(place + ": the store refuses it: " + error.what() + ".");
      return false;
    }
  }

  SQLite::Database& database_;
  const FixtureSet& set_;
  std::optional<SQLite::Statement> connection_, user_, reader_, client_, limit_, uri_, token_;
  std::vector<std::string> sentences_;
};

// Makes a new database and its rows, all or nothing.
void Seed(SQLite::Database& database, const FixtureSet& seed) {
  SQLite::Transaction transaction(database);
  database.exec("pragma application_id = " + std::to_string(kApplicationId));
  Migrate(database, SchemaSteps());
  Seeder(database, seed).Run();
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

Fixtures::Fixtures(const std::string& file, const FixtureSet& seed)
    : file_lock_(std::make_unique<FileLock>(file)), in_file_(true) {
  try {
    database_ = std::make_unique<SQLite::Database>(
        file, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE | SQLite::OPEN_NOMUTEX);
    SetUp(*database_);
    was_kept_ = !IsEmpty(*database_);
    if (was_kept_ && Pragma(*database_, "application_id") != kApplicationId)
      throw StoreError(
          "the file " + file +
          " is a SQLite database of another program. Name another file for the store.");
    // A write-ahead log lets the shell write while we read, and a reader never waits.
    database_->exec("pragma journal_mode = wal");
    database_->exec("pragma synchronous = normal");  // safe when the process dies
    if (was_kept_) {
      SQLite::Transaction transaction(*database_);
      Migrate(*database_, SchemaSteps());
      transaction.commit();
    } else {
      Seed(*database_, seed);
    }
    Prepare();
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
  row->not_before = StoredTime(row->token.not_before);
  row->expires = StoredTime(row->token.expires);

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
