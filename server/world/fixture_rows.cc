#include "world/fixture_rows.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <sqlite3.h>

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "door/digest.h"

namespace emulator {

namespace {

constexpr size_t kMostSentences = 20;
constexpr std::string_view kAll = "*";  // among the connections of a user

std::optional<std::string> Canonical(const std::optional<std::string>& time) {
  if (!time) return std::nullopt;
  return StoredTime(ParseTime(*time).value());
}

void Bind(SQLite::Statement& statement, int index, const std::optional<std::string>& text) {
  if (text)
    statement.bind(index, *text);
  else
    statement.bind(index);
}

std::string JoinScopes(const std::vector<std::string>& scopes) {
  std::string text;
  for (const std::string& scope : scopes) {
    if (!text.empty()) text += ' ';
    text += scope;
  }
  return text;
}

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
  // What to say when the schema refuses a row.
  struct Told {
    std::string
        member{};  // the part of the row that is at fault, as "/user"; empty: the row itself
    std::string sentence{};
  };
  struct Words {
    Told dangling{};  // a reference leads nowhere
    Told taken{};     // a key is taken
  };

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
    Run(insert, set_.connections, item, {.taken = {"", Twice("connection", c.id)}});
  }

  void Insert(const Item<User>& item) {
    const auto& ids = item.row.connections;
    auto& insert = Statement(user_, "insert into users values (?, ?)");
    insert.bind(1, item.row.id);
    insert.bind(2, std::find(ids.begin(), ids.end(), kAll) != ids.end() ? 1 : 0);
    Run(insert, set_.users, item, {.taken = {"", Twice("user", item.row.id)}});
  }

  void InsertReaders(const Item<User>& item) {
    for (size_t i = 0; i < item.row.connections.size(); ++i) {
      const std::string& id = item.row.connections[i];
      if (id == kAll) continue;
      auto& insert = Statement(reader_, "insert into readers values (?, ?)");
      insert.bind(1, item.row.id);
      insert.bind(2, id);
      const std::string member = "/connections/" + std::to_string(i);
      Run(insert, set_.users, item,
          {.dangling = {member, Unknown("connection", id)},
           .taken = {member, "the connection \"" + id + "\" is listed twice; list it once."}});
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
    const bool stored = Run(insert, set_.clients, item,
                            {.dangling = {"/user", Unknown("user", c.user.value_or(""))},
                             .taken = {"", Twice("client", c.id)}});
    if (!stored) {
      refused_clients_.insert(c.id);
      return;
    }
    for (const RateLimit& limit : c.rate_limits) {
      auto& insert_limit = Statement(limit_, "insert into client_rate_limits values (?, ?, ?)");
      insert_limit.bind(1, c.id);
      insert_limit.bind(2, static_cast<int64_t>(limit.window.count()));
      insert_limit.bind(3, limit.calls);
      Run(insert_limit, set_.clients, item,
          {.taken = {"/rateLimits", "two limits for the same " +
                                        std::to_string(limit.window.count()) +
                                        " seconds; keep the smaller one."}});
    }
    for (const std::string& uri : c.redirect_uris) {
      auto& insert_uri = Statement(uri_, "insert into client_redirect_uris values (?, ?)");
      insert_uri.bind(1, c.id);
      insert_uri.bind(2, uri);
      Run(insert_uri, set_.clients, item,
          {.taken = {"/redirectUris", "the URI \"" + uri + "\" is listed twice; list it once."}});
    }
  }

  void Insert(const Item<Token>& item) {
    const Token& t = item.row;
    if (refused_clients_.contains(t.client)) return;  // one mistake, one sentence
    const std::string name = t.name.empty() ? ShortHash(t.token).substr(1) : t.name;
    auto& insert = Statement(token_, "insert into tokens values (?, ?, ?, ?, ?, ?, ?, ?)");
    insert.bind(1, t.token);
    insert.bind(2, name);
    Bind(insert, 3, t.user);
    insert.bind(4, t.client);
    insert.bind(5, JoinScopes(t.scopes));
    Bind(insert, 6, t.issuer);
    Bind(insert, 7, Canonical(t.not_before));
    Bind(insert, 8, Canonical(t.expires));

    // Which of the two references dangles is not told by SQLite.
    const bool client_known = Exists("select 1 from clients where id = ?", t.client);
    Run(insert, set_.tokens, item,
        {.dangling = client_known ? Told{"/user", Unknown("user", t.user.value_or(""))}
                                  : Told{"/client", Unknown("client", t.client)},
         .taken = {"", Exists("select 1 from tokens where token = ?", t.token)
                           ? "the same token is there twice (its name here: \"" + name +
                                 "\"); keep one of the two."
                           : Twice("token named", name)}});
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

  // Runs an insert; false when the schema refused it.
  template <typename Row>
  bool Run(SQLite::Statement& insert, const Section<Row>& section, const Item<Row>& item,
           const Words& words) {
    try {
      insert.exec();
      return true;
    } catch (const SQLite::Exception& error) {
      if (error.getErrorCode() != SQLITE_CONSTRAINT) throw;
      if (sentences_.size() >= kMostSentences) return false;
      const int cause = error.getExtendedErrorCode();
      Told told{"", std::string("the store refuses it: ") + error.what() + "."};
      if (cause == SQLITE_CONSTRAINT_FOREIGNKEY) told = words.dangling;
      if (cause == SQLITE_CONSTRAINT_PRIMARYKEY || cause == SQLITE_CONSTRAINT_UNIQUE)
        told = words.taken;
      sentences_.push_back(set_.Place(section, item, told.member) + ": " + told.sentence);
      return false;
    }
  }

  SQLite::Database& database_;
  const FixtureSet& set_;
  std::optional<SQLite::Statement> connection_, user_, reader_, client_, limit_, uri_, token_;
  std::vector<std::string> sentences_;
  std::unordered_set<std::string> refused_clients_;
};

}  // namespace

void InsertFixtures(SQLite::Database& database, const FixtureSet& set) {
  Seeder(database, set).Run();
}

}  // namespace emulator
