// The rows of a World's fixtures, as schema/fixtures.sql keeps them.
// Threads: values; immutable once shared.
#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "world/clock.h"
#include "world/rate_limiter.h"

namespace emulator {

// Text made from a row at its first use and kept with it, so that a hot row is rendered once and a
// changed one never shows an old text. Threads: any.
class KeptText {
 public:
  template <typename Make>
  const std::string& Get(Make make) const {
    std::call_once(once_, [&] { text_ = make(); });
    return text_;
  }

 private:
  mutable std::once_flag once_;
  mutable std::string text_;
};

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
};

struct User {
  std::string id;
  std::vector<std::string> connections;  // ids it may read, as written; "*" is all
};

struct Client {
  std::string id;
  std::optional<std::string> secret;  // never logged
  std::string tier;
  std::optional<std::string> user;
  bool registered = true;
  std::vector<RateLimit> rate_limits;  // empty: the tier's
  std::vector<std::string> redirect_uris;
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
};

}  // namespace emulator
