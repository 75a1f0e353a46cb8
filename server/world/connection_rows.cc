#include "world/connection_rows.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <sqlite3.h>

#include "world/fixture_columns.h"
#include "world/run_rows.h"

namespace emulator {

namespace {

// Of one iModel (?1), those that a user (?2) may read.
constexpr const char* kReadable =
    " where i_model_id = ?1 and (exists (select 1 from users where id = ?2 and reads_all = 1)"
    " or exists (select 1 from readers where user_id = ?2 and connection_id = connections.id))";

void BindIfAny(SQLite::Statement& statement, int index, const std::optional<std::string>& text) {
  if (text) statement.bind(index, *text);
}

}  // namespace

ConnectionPage ReadConnectionPage(SQLite::Database& database, const std::string& i_model,
                                  const std::string& user, const PageRange& range) {
  ConnectionPage page;
  SQLite::Statement any(database, "select exists (select 1 from connections where i_model_id = ?)");
  any.bind(1, i_model);
  page.has_any = any.executeStep() && any.getColumn(0).getInt() != 0;

  SQLite::Statement count(database, std::string("select count(*) from connections") + kReadable);
  count.bind(1, i_model);
  count.bind(2, user);
  if (count.executeStep()) page.readable = count.getColumn(0).getInt64();

  SQLite::Statement select(
      database, std::string(kSelectConnection) + kReadable + " order by rowid limit ?3 offset ?4");
  select.bind(1, i_model);
  select.bind(2, user);
  select.bind(3, range.top);
  select.bind(4, range.skip);
  while (select.executeStep()) page.connections.push_back(ConnectionOf(select));
  return page;
}

std::optional<std::string> FindITwinOf(SQLite::Database& database, const std::string& i_model) {
  SQLite::Statement select(
      database,
      "select i_twin_id from connections"
      " where i_model_id = ? and i_twin_id is not null order by rowid limit 1");
  select.bind(1, i_model);
  if (!select.executeStep()) return std::nullopt;
  return select.getColumn(0).getString();
}

bool InsertConnection(SQLite::Database& database, const Connection& connection,
                      const std::string* reader) {
  SQLite::Statement insert(database,
                           "insert into connections values (?, ?, ?, ?, ?, ?, ?, ?, ?)"
                           " on conflict (id) do nothing");
  insert.bind(1, connection.id);
  int column = 2;
  for (const auto* text :
       {&connection.i_model_id, &connection.i_twin_id, &connection.display_name,
        &connection.authentication_type, &connection.i_model_link, &connection.i_twin_link,
        &connection.project_link, &connection.last_run_link})
    BindIfAny(insert, column++, *text);
  if (insert.exec() == 0) return false;
  if (!reader) return true;
  // Who reads all needs no row.
  SQLite::Statement permit(database,
                           "insert into readers select id, ?2 from users"
                           " where id = ?1 and reads_all = 0");
  permit.bind(1, *reader);
  permit.bind(2, connection.id);
  permit.exec();
  return true;
}

Removal RemoveConnection(SQLite::Database& database, const std::string& id, Time now) {
  if (FindActiveRun(database, id, now)) return Removal::kRunning;
  SQLite::Statement remove(database, "delete from connections where id = ?");
  remove.bind(1, id);
  return remove.exec() > 0 ? Removal::kDone : Removal::kUnknown;
}

}  // namespace emulator
