#include "world/fixture_writer.h"

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

// Four columns, from `first` on.
void Bind(SQLite::Statement& statement, int first, const RunCourse& course) {
  statement.bind(first, course.outcome);
  statement.bind(first + 1, static_cast<int64_t>(course.queued.count()));
  statement.bind(first + 2, static_cast<int64_t>(course.running.count()));
  Bind(statement, first + 3, course.error);
}

std::string JoinScopes(const std::vector<std::string>& scopes) {
  std::string text;
  for (const std::string& scope : scopes) {
    if (!text.empty()) text += ' ';
    text += scope;
  }
  return text;
}

enum class Mode { kInsert, kPut };

class RowWriter {
 public:
  RowWriter(SQLite::Database& database, const FixtureSet& set, Mode mode)
      : database_(database), set_(set), mode_(mode) {}

  void WriteAll() {
    for (const auto& item : set_.connections.items) Write(item);
    for (const auto& item : set_.users.items) Write(item);
    for (const auto& item : set_.users.items) WriteReaders(item);
    for (const auto& item : set_.clients.items) Write(item);
    for (const auto& item : set_.tokens.items) Write(item);
    for (const auto& item : set_.runs.items) Write(item);
    for (const auto& item : set_.run_plans.items) Write(item);
    if (!defects_.empty()) throw FixtureError(std::move(defects_));
  }

 private:
  template <typename Row>
  using Item = typename Section<Row>::Item;

  // What to say when the schema refuses a row.
  struct Told {
    std::string
        member{};  // the part of the row that is at fault, as "/user"; empty: the row itself
    std::string sentence{};
  };

  void Write(const Item<Connection>& item) {
    const Connection& c = item.row;
    auto& write = Statement(
        connection_, "insert into connections values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        " on conflict (id) do update set i_model_id = excluded.i_model_id,"
        " i_twin_id = excluded.i_twin_id, display_name = excluded.display_name,"
        " authentication_type = excluded.authentication_type, i_model_href = excluded.i_model_href,"
        " i_twin_href = excluded.i_twin_href, project_href = excluded.project_href,"
        " last_run_href = excluded.last_run_href");
    write.bind(1, c.id);
    int column = 2;
    for (const auto* text : {&c.i_model_id, &c.i_twin_id, &c.display_name, &c.authentication_type,
                             &c.i_model_link, &c.i_twin_link, &c.project_link, &c.last_run_link})
      Bind(write, column++, *text);
    Execute(write, set_.connections, item, c.id, [&](bool) {
      return Told{"", Twice("connection", c.id)};
    });
  }

  void Write(const Item<User>& item) {
    const User& user = item.row;
    auto& write = Statement(user_, "insert into users values (?, ?, ?)",
                            " on conflict (id) do update set reads_all = excluded.reads_all,"
                            " authorized = excluded.authorized");
    write.bind(1, user.id);
    const auto all = std::find(user.connections.begin(), user.connections.end(), kAllConnections);
    write.bind(2, all != user.connections.end() ? 1 : 0);
    write.bind(3, user.authorized ? 1 : 0);
    if (Execute(write, set_.users, item, user.id, [&](bool) {
          return Told{"", Twice("user", user.id)};
        }))
      Forget("delete from readers where user_id = ?", user.id);
  }

  void WriteReaders(const Item<User>& item) {
    const User& user = item.row;
    for (size_t i = 0; i < user.connections.size(); ++i) {
      const std::string& id = user.connections[i];
      if (id == kAllConnections) continue;
      auto& write = Statement(reader_, "insert into readers values (?, ?)");
      write.bind(1, user.id);
      write.bind(2, id);
      Execute(write, set_.users, item, [&](bool dangling) {
        return Told{"/connections/" + std::to_string(i),
                    dangling ? Unknown("connection", id)
                             : "the connection \"" + id + "\" is listed twice; list it once."};
      });
    }
  }

  void Write(const Item<Client>& item) {
    const Client& c = item.row;
    auto& write = Statement(client_, "insert into clients values (?, ?, ?, ?, ?)",
                            " on conflict (id) do update set secret = excluded.secret,"
                            " tier = excluded.tier, user_id = excluded.user_id,"
                            " registered = excluded.registered");
    write.bind(1, c.id);
    Bind(write, 2, c.secret);
    write.bind(3, c.tier);
    Bind(write, 4, c.user);
    write.bind(5, c.registered ? 1 : 0);
    const bool stored = Execute(write, set_.clients, item, c.id, [&](bool dangling) {
      return dangling ? Told{"/user", Unknown("user", c.user.value_or(""))}
                      : Told{"", Twice("client", c.id)};
    });
    if (!stored) {
      refused_clients_.insert(c.id);
      return;
    }
    Forget("delete from client_rate_limits where client_id = ?", c.id);
    Forget("delete from client_redirect_uris where client_id = ?", c.id);
    for (const RateLimit& limit : c.rate_limits) {
      auto& write_limit = Statement(limit_, "insert into client_rate_limits values (?, ?, ?)");
      write_limit.bind(1, c.id);
      write_limit.bind(2, static_cast<int64_t>(limit.window.count()));
      write_limit.bind(3, limit.calls);
      Execute(write_limit, set_.clients, item, [&](bool) {
        return Told{"/rateLimits", "two limits for the same " +
                                       std::to_string(limit.window.count()) +
                                       " seconds; keep the smaller one."};
      });
    }
    for (const std::string& uri : c.redirect_uris) {
      auto& write_uri = Statement(uri_, "insert into client_redirect_uris values (?, ?)");
      write_uri.bind(1, c.id);
      write_uri.bind(2, uri);
      Execute(write_uri, set_.clients, item, [&](bool) {
        return Told{"/redirectUris", "the URI \"" + uri + "\" is listed twice; list it once."};
      });
    }
  }

  void Write(const Item<Token>& item) {
    const Token& t = item.row;
    if (refused_clients_.contains(t.client)) return;  // one mistake, one sentence
    const std::string name = t.name.empty() ? ShortHash(t.token).substr(1) : t.name;
    auto& write = Statement(token_, "insert into tokens values (?, ?, ?, ?, ?, ?, ?, ?)",
                            " on conflict (name) do update set token = excluded.token,"
                            " user_id = excluded.user_id, client_id = excluded.client_id,"
                            " scopes = excluded.scopes, issuer = excluded.issuer,"
                            " not_before = excluded.not_before, expires = excluded.expires");
    write.bind(1, t.token);
    write.bind(2, name);
    Bind(write, 3, t.user);
    write.bind(4, t.client);
    write.bind(5, JoinScopes(t.scopes));
    Bind(write, 6, t.issuer);
    Bind(write, 7, Canonical(t.not_before));
    Bind(write, 8, Canonical(t.expires));
    Execute(write, set_.tokens, item, name, [&](bool dangling) {
      // Which of the two references dangles is not told by SQLite.
      if (dangling)
        return Exists("select 1 from clients where id = ?", t.client)
                   ? Told{"/user", Unknown("user", t.user.value_or(""))}
                   : Told{"/client", Unknown("client", t.client)};
      if (Exists("select 1 from tokens where token = ?", t.token))
        return Told{"/token", "the same token is there twice (its name here: \"" + name +
                                  "\"); keep one of the two."};
      return Told{"", Twice("token named", name)};
    });
  }

  void Write(const Item<Run>& item) {
    const Run& run = item.row;
    auto& write =
        Statement(run_, "insert into runs values (?, ?, ?, ?, ?, ?, ?)",
                  " on conflict (id) do update set connection_id = excluded.connection_id,"
                  " start_time = excluded.start_time, outcome = excluded.outcome,"
                  " queued_ms = excluded.queued_ms, running_ms = excluded.running_ms,"
                  " error = excluded.error");
    write.bind(1, run.id);
    write.bind(2, run.connection);
    Bind(write, 3, Canonical(run.start));
    Bind(write, 4, run.course);
    Execute(write, set_.runs, item, run.id, [&](bool dangling) {
      return dangling ? Told{"/connectionId", Unknown("connection", run.connection)}
                      : Told{"", Twice("run", run.id)};
    });
  }

  void Write(const Item<RunPlan>& item) {
    const RunPlan& plan = item.row;
    auto& write = Statement(
        run_plan_, "insert into run_plans values (?1, nullif(?1, '*'), ?3, ?4, ?5, ?2, ?6)",
        " on conflict (id) do update set outcome = excluded.outcome,"
        " queued_ms = excluded.queued_ms, running_ms = excluded.running_ms,"
        " simultaneous_ms = excluded.simultaneous_ms, error = excluded.error");
    write.bind(1, plan.connection);
    write.bind(2, static_cast<int64_t>(plan.simultaneous.count()));
    Bind(write, 3, plan.course);
    Execute(write, set_.run_plans, item, plan.connection, [&](bool dangling) {
      return dangling ? Told{"/connectionId", Unknown("connection", plan.connection)}
                      : Told{"", Twice("run plan for", plan.connection)};
    });
  }

  static std::string Twice(const std::string& what, const std::string& id) {
    return "another " + what + " \"" + id + "\" is there already; give each its own.";
  }
  static std::string Unknown(const std::string& what, const std::string& id) {
    return "there is no " + what + " \"" + id + "\"; add it to \"" + what +
           "s\", or correct the reference.";
  }

  // `replacing`: what an insert ends with, so that it puts.
  SQLite::Statement& Statement(std::optional<SQLite::Statement>& slot, const std::string& insert,
                               const std::string& replacing = "") {
    if (!slot) slot.emplace(database_, mode_ == Mode::kPut ? insert + replacing : insert);
    slot->tryReset();  // reset() would throw the last refusal again
    slot->clearBindings();
    return *slot;
  }

  // Deletes what a row that is put had before. Nothing had, where rows are inserted.
  void Forget(const char* sql, const std::string& id) {
    if (mode_ == Mode::kInsert) return;
    SQLite::Statement forget(database_, sql);
    forget.bind(1, id);
    forget.exec();
  }

  bool Exists(const char* sql, const std::string& key) {
    SQLite::Statement query(database_, sql);
    query.bind(1, key);
    return query.executeStep();
  }

  // Writes the row of an item; false when it is refused: by the schema, or because two items of the
  // set have its key, of which a put would keep the last in silence.
  template <typename Row, typename Tell>
  bool Execute(SQLite::Statement& write, const Section<Row>& section, const Item<Row>& item,
               const std::string& key, Tell tell) {
    if (mode_ == Mode::kPut && !keys_.insert(section.name + ('/' + key)).second) {
      Refuse(section, item, tell(false));
      return false;
    }
    return Execute(write, section, item, tell);
  }

  // The same, for a row that is a part of an item's. `tell` gets whether a reference dangles, or
  // else a key is taken.
  template <typename Row, typename Tell>
  bool Execute(SQLite::Statement& write, const Section<Row>& section, const Item<Row>& item,
               Tell tell) {
    try {
      write.exec();
      return true;
    } catch (const SQLite::Exception& error) {
      if (error.getErrorCode() != SQLITE_CONSTRAINT) throw;
      switch (error.getExtendedErrorCode()) {
        case SQLITE_CONSTRAINT_FOREIGNKEY:
        case SQLITE_CONSTRAINT_PRIMARYKEY:
        case SQLITE_CONSTRAINT_UNIQUE:
          Refuse(section, item, tell(error.getExtendedErrorCode() == SQLITE_CONSTRAINT_FOREIGNKEY));
          break;
        default:
          Refuse(section, item, {"", std::string("the store refuses it: ") + error.what() + "."});
      }
      return false;
    }
  }

  template <typename Row>
  void Refuse(const Section<Row>& section, const Item<Row>& item, const Told& told) {
    if (defects_.size() < kMostSentences)
      defects_.push_back(set_.DefectOf(section, item, told.member, told.sentence));
  }

  SQLite::Database& database_;
  const FixtureSet& set_;
  const Mode mode_;
  std::optional<SQLite::Statement> connection_, user_, reader_, client_, limit_, uri_, token_, run_,
      run_plan_;
  std::vector<FixtureDefect> defects_;
  std::unordered_set<std::string> refused_clients_;
  std::unordered_set<std::string> keys_;  // of a put: section, '/', key
};

// What refers to a row, in words.
std::string Referrers(SQLite::Database& database, Kind kind, const std::string& key) {
  SQLite::Statement query(database,
                          kind == Kind::kUser
                              ? "select 'client', id from clients where user_id = ?1"
                                " union all select 'token', name from tokens where user_id = ?1"
                              : "select 'token', name from tokens where client_id = ?1");
  query.bind(1, key);
  if (!query.executeStep()) return "";
  std::string words =
      query.getColumn(0).getString() + " \"" + query.getColumn(1).getString() + "\"";
  int others = 0;
  while (query.executeStep()) ++others;
  if (others > 0) words += " and " + std::to_string(others) + (others == 1 ? " other" : " others");
  return words;
}

const char* DeleteStatement(Kind kind) {
  switch (kind) {
    case Kind::kConnection:
      return "delete from connections where id = ?";
    case Kind::kUser:
      return "delete from users where id = ?";
    case Kind::kClient:
      return "delete from clients where id = ?";
    case Kind::kToken:
      return "delete from tokens where name = ?";
    case Kind::kRun:
      return "delete from runs where id = ?";
    case Kind::kRunPlan:
      return "delete from run_plans where id = ?";
  }
  return "";
}

}  // namespace

void InsertFixtures(SQLite::Database& database, const FixtureSet& set) {
  RowWriter(database, set, Mode::kInsert).WriteAll();
}

void PutFixtures(SQLite::Database& database, const FixtureSet& set) {
  RowWriter(database, set, Mode::kPut).WriteAll();
}

void ClearFixtures(SQLite::Database& database) {
  // Children first: none is then looked for when its parent goes.
  for (const char* table : {"run_plans", "runs", "tokens", "client_redirect_uris",
                            "client_rate_limits", "clients", "readers", "users", "connections"})
    database.exec(std::string("delete from ") + table);
}

Deletion DeleteFixture(SQLite::Database& database, Kind kind, const std::string& key) {
  SQLite::Statement statement(database, DeleteStatement(kind));
  statement.bind(1, key);
  try {
    return {statement.exec() > 0 ? Deletion::kDone : Deletion::kUnknown};
  } catch (const SQLite::Exception& error) {
    if (error.getExtendedErrorCode() != SQLITE_CONSTRAINT_FOREIGNKEY) throw;
    return {Deletion::kReferenced, Referrers(database, kind, key)};
  }
}

}  // namespace emulator
