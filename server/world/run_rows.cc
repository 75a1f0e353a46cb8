#include "world/run_rows.h"

#include <SQLiteCpp/SQLiteCpp.h>

#include "world/fixture_columns.h"
#include "world/run_course.h"

namespace emulator {

namespace {

// Times are texts of two lengths: they compare as days.
constexpr const char* kLatestFirst =
    " where connection_id = ? order by julianday(start_time) desc, rowid desc";

}  // namespace

std::optional<Run> FindRun(SQLite::Database& database, const std::string& connection,
                           const std::string& id) {
  SQLite::Statement select(database,
                           std::string(kSelectRun) + " where connection_id = ? and id = ?");
  select.bind(1, connection);
  select.bind(2, id);
  if (!select.executeStep()) return std::nullopt;
  return RunOf(select);
}

RunPage ReadRunPage(SQLite::Database& database, const std::string& connection,
                    const PageRange& range) {
  RunPage page;
  SQLite::Statement count(database, "select count(*) from runs where connection_id = ?");
  count.bind(1, connection);
  if (count.executeStep()) page.total = count.getColumn(0).getInt64();

  SQLite::Statement select(database, std::string(kSelectRun) + kLatestFirst + " limit ? offset ?");
  select.bind(1, connection);
  select.bind(2, range.top);
  select.bind(3, range.skip);
  while (select.executeStep()) page.runs.push_back(RunOf(select));
  return page;
}

std::optional<Run> FindActiveRun(SQLite::Database& database, const std::string& connection,
                                 Time now) {
  SQLite::Statement select(database, std::string(kSelectRun) + kLatestFirst);
  select.bind(1, connection);
  while (select.executeStep())
    if (Run run = RunOf(select); !ProgressOf(run, now).IsOver()) return run;
  return std::nullopt;
}

std::optional<RunPlan> FindRunPlan(SQLite::Database& database, const std::string& connection) {
  // "*" stands behind the connection's own: false before true.
  SQLite::Statement select(database,
                           std::string(kSelectRunPlan) +
                               " where id in (?1, '*') order by connection_id is null limit 1");
  select.bind(1, connection);
  if (!select.executeStep()) return std::nullopt;
  return RunPlanOf(select);
}

bool InsertRun(SQLite::Database& database, const Run& run, const std::string& link) {
  SQLite::Statement insert(
      database, "insert into runs values (?, ?, ?, ?, ?, ?, ?) on conflict (id) do nothing");
  insert.bind(1, run.id);
  insert.bind(2, run.connection);
  insert.bind(3, StoredTime(ParseTime(run.start).value()));
  insert.bind(4, run.course.outcome);
  insert.bind(5, static_cast<int64_t>(run.course.queued.count()));
  insert.bind(6, static_cast<int64_t>(run.course.running.count()));
  if (run.course.error) insert.bind(7, *run.course.error);
  if (insert.exec() == 0) return false;
  SQLite::Statement update(database, "update connections set last_run_href = ? where id = ?");
  update.bind(1, link);
  update.bind(2, run.connection);
  update.exec();
  return true;
}

}  // namespace emulator
