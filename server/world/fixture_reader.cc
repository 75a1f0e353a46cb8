#include "world/fixture_reader.h"

#include <SQLiteCpp/SQLiteCpp.h>

#include <algorithm>
#include <vector>

#include "world/fixture_columns.h"
#include "world/fixture_json.h"

namespace emulator {

namespace {

constexpr const char* kSelectReaders =
    "select connection_id from readers where user_id = ? order by rowid";
constexpr const char* kSelectLimits =
    "select max_calls, seconds from client_rate_limits where client_id = ? order by rowid";
constexpr const char* kSelectUris =
    "select uri from client_redirect_uris where client_id = ? order by rowid";

// REQUIRES: what the schema's CHECK lets pass.
std::optional<Time> ToTime(const std::optional<std::string>& text) {
  if (!text) return std::nullopt;
  return ParseTime(*text).value();
}

void ReadTexts(SQLite::Statement& select, const std::string& key, std::vector<std::string>& texts) {
  KeyedQuery query(select, key);
  while (query->executeStep()) texts.push_back(query->getColumn(0).getString());
}

void ReadRateLimits(SQLite::Statement& select, const std::string& client,
                    std::vector<RateLimit>& limits) {
  KeyedQuery query(select, client);
  while (query->executeStep())
    limits.push_back(
        {query->getColumn(0).getInt64(), std::chrono::seconds(query->getColumn(1).getInt64())});
}

// What of a row stands in tables of its own.
class Parts {
 public:
  explicit Parts(SQLite::Database& database)
      : readers_(database, kSelectReaders),
        limits_(database, kSelectLimits),
        uris_(database, kSelectUris) {}

  void ReadInto(Connection&) {}
  void ReadInto(User& user) { ReadTexts(readers_, user.id, user.connections); }
  void ReadInto(Client& client) {
    ReadRateLimits(limits_, client.id, client.rate_limits);
    ReadTexts(uris_, client.id, client.redirect_uris);
  }
  void ReadInto(Token&) {}
  void ReadInto(Run&) {}
  void ReadInto(RunPlan&) {}

 private:
  SQLite::Statement readers_, limits_, uris_;
};

template <typename Row>
std::optional<Row> ReadOne(SQLite::Database& database, const char* select, const char* key_column,
                           const std::string& key, Row (*row_of)(SQLite::Statement&)) {
  SQLite::Statement statement(database, std::string(select) + " where " + key_column + " = ?");
  KeyedQuery query(statement, key);
  if (!query->executeStep()) return std::nullopt;
  Row row = row_of(*query);
  Parts(database).ReadInto(row);
  return row;
}

template <typename Row>
void ReadAll(SQLite::Database& database, const char* select, Parts& parts, Section<Row>& section,
             Row (*row_of)(SQLite::Statement&)) {
  SQLite::Statement query(database, std::string(select) + " order by rowid");
  while (query.executeStep()) {
    Row row = row_of(query);
    parts.ReadInto(row);
    section.items.push_back({std::move(row), 0, section.items.size()});
  }
}

}  // namespace

class FixtureReader::Statements {
 public:
  explicit Statements(SQLite::Database& database)
      : connection(database, std::string(kSelectConnection) + " where id = ?"),
        token(database, std::string(kSelectToken) + " where token = ?"),
        client(database, std::string(kSelectClient) + " where id = ?"),
        limits(database, kSelectLimits),
        reads_all(database, "select reads_all from users where id = ?"),
        reads(database, "select 1 from readers where user_id = ? and connection_id = ?") {}

  SQLite::Statement connection, token, client, limits, reads_all, reads;
};

FixtureReader::FixtureReader(SQLite::Database& database)
    : statements_(std::make_unique<Statements>(database)) {}
FixtureReader::~FixtureReader() = default;

std::shared_ptr<const ConnectionRow> FixtureReader::FindConnection(const std::string& id) {
  KeyedQuery query(statements_->connection, id);
  if (!query->executeStep()) return nullptr;
  const Connection connection = ConnectionOf(*query);
  return std::make_shared<ConnectionRow>(ConnectionRow{connection.id, JsonOf(connection)});
}

std::shared_ptr<const TokenRow> FixtureReader::FindToken(const std::string& token) {
  // Open until the end, so that all of it is of one state of the database.
  KeyedQuery token_query(statements_->token, token);
  if (!token_query->executeStep()) return nullptr;
  auto row = std::make_shared<TokenRow>();
  row->token = TokenOf(*token_query);

  const auto client = FindClient(row->token.client);
  if (!client) return nullptr;  // somebody wrote without foreign keys
  row->client = *client;

  row->user = row->token.user ? row->token.user : row->client.user;
  row->not_before = ToTime(row->token.not_before);
  row->expires = ToTime(row->token.expires);
  return row;
}

std::shared_ptr<const Client> FixtureReader::FindClient(const std::string& id) {
  KeyedQuery query(statements_->client, id);
  if (!query->executeStep()) return nullptr;
  auto client = std::make_shared<Client>(ClientOf(*query));
  client->secret.reset();
  ReadRateLimits(statements_->limits, client->id, client->rate_limits);
  return client;
}

std::optional<bool> FixtureReader::ReadsAll(const std::string& user) {
  KeyedQuery query(statements_->reads_all, user);
  if (!query->executeStep()) return std::nullopt;
  return query->getColumn(0).getInt() != 0;
}

bool FixtureReader::Reads(const std::string& user, const std::string& connection_id) {
  KeyedQuery query(statements_->reads, user);
  query->bind(2, connection_id);
  return query->executeStep();
}

int64_t CountConnections(SQLite::Database& database) {
  return database.execAndGet("select count(*) from connections").getInt64();
}

std::optional<Connection> ReadConnection(SQLite::Database& database, const std::string& id) {
  return ReadOne(database, kSelectConnection, "id", id, ConnectionOf);
}
std::optional<User> ReadUser(SQLite::Database& database, const std::string& id) {
  return ReadOne(database, kSelectUser, "id", id, UserOf);
}
std::optional<Client> ReadClient(SQLite::Database& database, const std::string& id) {
  return ReadOne(database, kSelectClient, "id", id, ClientOf);
}
std::optional<Token> ReadToken(SQLite::Database& database, const std::string& name) {
  return ReadOne(database, kSelectToken, "name", name, TokenOf);
}
std::optional<Run> ReadRun(SQLite::Database& database, const std::string& id) {
  return ReadOne(database, kSelectRun, "id", id, RunOf);
}
std::optional<RunPlan> ReadRunPlan(SQLite::Database& database, const std::string& connection) {
  return ReadOne(database, kSelectRunPlan, "id", connection, RunPlanOf);
}

FixtureSet ReadRows(SQLite::Database& database) {
  FixtureSet set;
  Parts parts(database);
  ReadAll(database, kSelectConnection, parts, set.connections, ConnectionOf);
  ReadAll(database, kSelectUser, parts, set.users, UserOf);
  ReadAll(database, kSelectClient, parts, set.clients, ClientOf);
  ReadAll(database, kSelectToken, parts, set.tokens, TokenOf);
  ReadAll(database, kSelectRun, parts, set.runs, RunOf);
  ReadAll(database, kSelectRunPlan, parts, set.run_plans, RunPlanOf);
  return set;
}

}  // namespace emulator
