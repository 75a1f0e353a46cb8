// The rows of a World's fixtures, as schema/fixtures.sql keeps them, and two that are put together
// for requests.
// Threads: values; immutable once shared.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "world/clock.h"
#include "world/rate_limiter.h"

namespace emulator {

// What fixtures are of: a section of a fixture file, a table of the store.
enum class Kind { kConnection, kUser, kClient, kToken, kRun, kRunPlan };

// Absent members are left out of the answer. Links are hrefs, verbatim.
struct Connection {
  std::string id;
  std::optional<std::string> i_model_id;
  std::optional<std::string> i_twin_id;
  std::optional<std::string> display_name;
  std::optional<std::string> authentication_type;  // "User" or "Service"
  std::optional<std::string> i_model_link;
  std::optional<std::string> i_twin_link;
  std::optional<std::string> project_link;
  std::optional<std::string> last_run_link;

  bool operator==(const Connection&) const = default;
};

// Among the connections of a user: it reads all there are.
inline constexpr std::string_view kAllConnections = "*";

struct User {
  std::string id;
  std::vector<std::string> connections;  // ids it may read, or "*"
  bool authorized = true;  // it has let the vendor act for it, as runs of its connections need

  bool operator==(const User&) const = default;
};

struct Client {
  std::string id;
  std::optional<std::string> secret;  // never logged
  std::string tier;
  std::optional<std::string> user;
  bool registered = true;
  std::vector<RateLimit> rate_limits;  // empty: the tier's
  std::vector<std::string> redirect_uris;

  bool operator==(const Client&) const = default;
};

struct Token {
  std::string token;                // never logged: `name` is
  std::string name;                 // empty in a file: named by its hash when it is stored
  std::optional<std::string> user;  // absent: the client's user
  std::string client;
  std::vector<std::string> scopes;
  std::optional<std::string> issuer;  // absent: the accepted one
  std::optional<std::string> not_before;
  std::optional<std::string> expires;  // RFC 3339, as written

  bool operator==(const Token&) const = default;
};

// How a run goes, from its start on.
struct RunCourse {
  std::string outcome = "Success";          // a result as the vendor's pages list them
  std::chrono::milliseconds queued{1000};   // until a job takes it up
  std::chrono::milliseconds running{9000};  // from then until it is completed
  // Of a failed task: a JSON object, whose members stand in place of the documented example's.
  std::optional<std::string> error;

  bool operator==(const RunCourse&) const = default;
};

// What state it is in follows from the time: run_course.h.
struct Run {
  std::string id;
  std::string connection;
  std::string start;  // RFC 3339
  RunCourse course;

  bool operator==(const Run&) const = default;
};

// Among run plans: for all connections that have none of their own.
inline constexpr std::string_view kAllRuns = "*";

// How runs go that a client starts.
struct RunPlan {
  std::string connection;                    // its id, or "*"
  std::chrono::milliseconds simultaneous{};  // so long after a start another one is refused: 409
  RunCourse course;

  bool operator==(const RunPlan&) const = default;
};

// What a request needs of a connection: its JSON as it is answered and as it stands in a fixture
// file, `{"id":...}`.
struct ConnectionRow {
  std::string id;
  std::string json;
};

// What a request needs of a token: its client, and the user it acts for.
struct TokenRow {
  Token token;
  Client client;                    // without its secret and redirect URIs
  std::optional<std::string> user;  // the token's, else the client's; absent: it acts for nobody
  std::optional<Time> not_before;
  std::optional<Time> expires;
};

}  // namespace emulator
