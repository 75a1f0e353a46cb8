#include "world/fixture_reader.h"

#include <SQLiteCpp/SQLiteCpp.h>

#include <algorithm>
#include <vector>

#include "world/fixture_json.h"

namespace emulator {

namespace {

// What a list of columns is read into by the functions below it.
constexpr const char* kSelectConnection =
    "select id, i_model_id, i_twin_id, display_name, authentication_type,"
    " i_model_href, i_twin_href, project_href, last_run_href from connections";
constexpr const char* kSelectUser = "select id, reads_all from users";
constexpr const char* kSelectClient = "select id, secret, tier, user_id, registered from clients";
constexpr const char* kSelectToken =
    "select token, name, user_id, client_id, scopes, issuer, not_before, expires from tokens";
constexpr const char* kSelectReaders =
    "select connection_id from readers where user_id = ? order by rowid";
constexpr const char* kSelectLimits =
    "select max_calls, seconds from client_rate_limits where client_id = ? order by rowid";
constexpr const char* kSelectUris =
    "select uri from client_redirect_uris where client_id = ? order by rowid";

// A statement that is bound to a key, and reset, its text let go, however its user leaves.
class Query {
 public:
  Query(SQLite::Statement& statement, const std::string& key) : statement_(statement) {
    statement_.bind(1, key);
  }
  ~Query() {
    statement_.tryReset();
    statement_.clearBindings();
  }
  Query(const Query&) = delete;
  Query& operator=(const Query&) = delete;
  SQLite::Statement* operator->() { return &statement_; }
  SQLite::Statement& operator*() { return statement_; }

 private:
  SQLite::Statement& statement_;
};

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

Connection ConnectionOf(SQLite::Statement& row) {
  return {.id = row.getColumn(0).getString(),
          .i_model_id = OptionalText(row.getColumn(1)),
          .i_twin_id = OptionalText(row.getColumn(2)),
          .display_name = OptionalText(row.getColumn(3)),
          .authentication_type = OptionalText(row.getColumn(4)),
          .i_model_link = OptionalText(row.getColumn(5)),
          .i_twin_link = OptionalText(row.getColumn(6)),
          .project_link = OptionalText(row.getColumn(7)),
          .last_run_link = OptionalText(row.getColumn(8))};
}

// Without its connections, but for "*".
User UserOf(SQLite::Statement& row) {
  User user{.id = row.getColumn(0).getString(), .connections = {}};
  if (row.getColumn(1).getInt() != 0) user.connections.emplace_back(kAllConnections);
  return user;
}

// Without its limits and URIs.
Client ClientOf(SQLite::Statement& row) {
  return {.id = row.getColumn(0).getString(),
          .secret = OptionalText(row.getColumn(1)),
          .tier = row.getColumn(2).getString(),
          .user = OptionalText(row.getColumn(3)),
          .registered = row.getColumn(4).getInt() != 0,
          .rate_limits = {},
          .redirect_uris = {}};
}

Token TokenOf(SQLite::Statement& row) {
  return {.token = row.getColumn(0).getString(),
          .name = row.getColumn(1).getString(),
          .user = OptionalText(row.getColumn(2)),
          .client = row.getColumn(3).getString(),
          .scopes = SplitScopes(row.getColumn(4).getString()),
          .issuer = OptionalText(row.getColumn(5)),
          .not_before = OptionalText(row.getColumn(6)),
          .expires = OptionalText(row.getColumn(7))};
}

void ReadTexts(SQLite::Statement& select, const std::string& key, std::vector<std::string>& texts) {
  Query query(select, key);
  while (query->executeStep()) texts.push_back(query->getColumn(0).getString());
}

void ReadLimits(SQLite::Statement& select, const std::string& client,
                std::vector<RateLimit>& limits) {
  Query query(select, client);
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
    ReadLimits(limits_, client.id, client.rate_limits);
    ReadTexts(uris_, client.id, client.redirect_uris);
  }
  void ReadInto(Token&) {}

 private:
  SQLite::Statement readers_, limits_, uris_;
};

template <typename Row>
std::optional<Row> ReadOne(SQLite::Database& database, const char* select, const char* key_column,
                           const std::string& key, Row (*row_of)(SQLite::Statement&)) {
  SQLite::Statement statement(database, std::string(select) + " where " + key_column + " = ?");
  Query query(statement, key);
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
  Query query(statements_->connection, id);
  if (!query->executeStep()) return nullptr;
  const Connection connection = ConnectionOf(*query);
  return std::make_shared<ConnectionRow>(ConnectionRow{connection.id, JsonOf(connection)});
}

std::shared_ptr<const TokenRow> FixtureReader::FindToken(const std::string& token) {
  // Open until the end, so that all of it is of one state of the database.
  Query token_query(statements_->token, token);
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
  Query query(statements_->client, id);
  if (!query->executeStep()) return nullptr;
  auto client = std::make_shared<Client>(ClientOf(*query));
  client->secret.reset();
  ReadLimits(statements_->limits, client->id, client->rate_limits);
  return client;
}

std::optional<bool> FixtureReader::ReadsAll(const std::string& user) {
  Query query(statements_->reads_all, user);
  if (!query->executeStep()) return std::nullopt;
  return query->getColumn(0).getInt() != 0;
}

bool FixtureReader::Reads(const std::string& user, const std::string& connection_id) {
  Query query(statements_->reads, user);
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

FixtureSet ReadRows(SQLite::Database& database) {
  FixtureSet set;
  Parts parts(database);
  ReadAll(database, kSelectConnection, parts, set.connections, ConnectionOf);
  ReadAll(database, kSelectUser, parts, set.users, UserOf);
  ReadAll(database, kSelectClient, parts, set.clients, ClientOf);
  ReadAll(database, kSelectToken, parts, set.tokens, TokenOf);
  return set;
}

}  // namespace emulator
