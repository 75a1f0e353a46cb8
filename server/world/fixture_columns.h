// Rows of the store's tables as statements select them.
// Threads: the caller has the statement to itself.
#pragma once

#include <string>

#include "world/rows.h"

namespace SQLite {
class Statement;
}

namespace emulator {

// For each kind of row a list of columns, to be followed by "where" or "order by", and the function
// that reads a row that was selected so. What stands in tables of its own is not read: a user's
// connections but for "*", a client's limits and URIs.
inline constexpr const char* kSelectConnection =
    "select id, i_model_id, i_twin_id, display_name, authentication_type,"
    " i_model_href, i_twin_href, project_href, last_run_href from connections";
Connection ConnectionOf(SQLite::Statement& row);

inline constexpr const char* kSelectUser = "select id, reads_all, authorized from users";
User UserOf(SQLite::Statement& row);

inline constexpr const char* kSelectClient =
    "select id, secret, tier, user_id, registered from clients";
Client ClientOf(SQLite::Statement& row);

inline constexpr const char* kSelectToken =
    "select token, name, user_id, client_id, scopes, issuer, not_before, expires from tokens";
Token TokenOf(SQLite::Statement& row);

inline constexpr const char* kSelectRun =
    "select id, connection_id, start_time, outcome, queued_ms, running_ms, error from runs";
Run RunOf(SQLite::Statement& row);

inline constexpr const char* kSelectRunPlan =
    "select id, simultaneous_ms, outcome, queued_ms, running_ms, error from run_plans";
RunPlan RunPlanOf(SQLite::Statement& row);

// A statement that is bound to a key, and reset, its text let go, however its user leaves.
class KeyedQuery {
 public:
  KeyedQuery(SQLite::Statement& statement, const std::string& key);
  ~KeyedQuery();
  KeyedQuery(const KeyedQuery&) = delete;
  KeyedQuery& operator=(const KeyedQuery&) = delete;
  SQLite::Statement* operator->() { return &statement_; }
  SQLite::Statement& operator*() { return statement_; }

 private:
  SQLite::Statement& statement_;
};

}  // namespace emulator
