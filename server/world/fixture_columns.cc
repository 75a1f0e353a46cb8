#include "world/fixture_columns.h"

#include <SQLiteCpp/SQLiteCpp.h>

#include <algorithm>
#include <optional>
#include <vector>

namespace emulator {

namespace {

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

// Four columns, from `first` on.
RunCourse CourseOf(SQLite::Statement& row, int first) {
  return {.outcome = row.getColumn(first).getString(),
          .queued = std::chrono::milliseconds(row.getColumn(first + 1).getInt64()),
          .running = std::chrono::milliseconds(row.getColumn(first + 2).getInt64()),
          .error = OptionalText(row.getColumn(first + 3))};
}

}  // namespace

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

User UserOf(SQLite::Statement& row) {
  User user{.id = row.getColumn(0).getString(),
            .connections = {},
            .authorized = row.getColumn(2).getInt() != 0};
  if (row.getColumn(1).getInt() != 0) user.connections.emplace_back(kAllConnections);
  return user;
}

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

Run RunOf(SQLite::Statement& row) {
  return {.id = row.getColumn(0).getString(),
          .connection = row.getColumn(1).getString(),
          .start = row.getColumn(2).getString(),
          .course = CourseOf(row, 3)};
}

RunPlan RunPlanOf(SQLite::Statement& row) {
  return {.connection = row.getColumn(0).getString(),
          .simultaneous = std::chrono::milliseconds(row.getColumn(1).getInt64()),
          .course = CourseOf(row, 2)};
}

KeyedQuery::KeyedQuery(SQLite::Statement& statement, const std::string& key)
    : statement_(statement) {
  statement_.bind(1, key);
}

KeyedQuery::~KeyedQuery() {
  statement_.tryReset();
  statement_.clearBindings();
}

}  // namespace emulator
