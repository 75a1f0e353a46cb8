// The authorization codes, refresh tokens and revoked tokens of one world's identity service.
// Stores digests, never the secrets. Bounded: a new secret replaces the oldest. Times are the
// world's.
//
// Threads: any.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/clock.h"

namespace emulator::world {

// The permission that a user gave a client at a log-in.
struct Grant {
  uint64_t id = 0;  // shared by the code and refresh tokens of one log-in; set by Grants
  std::string client;
  std::string user;
  std::vector<std::string> scopes;
  Time expires{};  // of the code or refresh token

  // For codes only:
  std::string redirect_uri{};
  std::string challenge{};  // PKCE, S256; empty: none
  std::string nonce{};      // for the ID token
};

class Grants {
 public:
  // Each returns a new secret for the grant. AddCode starts a log-in with a new id; AddRefreshToken
  // keeps the id of a grant that has one.
  std::string AddCode(Grant grant);
  std::string AddRefreshToken(Grant grant);

  enum class Error { kUnknown, kUsed, kExpired };
  struct Found {
    std::optional<Grant> grant;
    Error error = Error::kUnknown;  // why there is no grant
  };
  Found FindCode(std::string_view code, Time now) const;
  Found FindRefreshToken(std::string_view token, Time now) const;

  // Each secret can be used once. Returns false if it is unknown or was used before. A second use
  // may be theft, so it revokes the refresh tokens of the log-in (RFC 6749 sections 4.1.2
  // and 10.4).
  bool UseCode(std::string_view code);
  bool UseRefreshToken(std::string_view token);

  // Revokes all refresh tokens of the log-in, or one access token, also one that we did not issue.
  void RevokeRefreshToken(std::string_view token);
  void RevokeAccessToken(std::string_view token);
  bool IsRevoked(std::string_view access_token) const;

 private:
  // Codes or refresh tokens.
  struct Secrets {
    struct Secret {
      Grant grant;
      bool is_used = false;
    };
    std::unordered_map<std::string, Secret> by_digest;  // SHA-256
    std::deque<std::string> in_order;
  };
  static std::string Add(Secrets& secrets, Grant grant);
  static Found Find(const Secrets& secrets, std::string_view secret, Time now);
  bool Use(Secrets& secrets, std::string_view secret);
  void EndLogIn(uint64_t id);

  mutable std::mutex mutex_;
  // Guarded by mutex_:
  uint64_t last_id_ = 0;
  Secrets codes_;
  Secrets refresh_tokens_;
  std::unordered_set<std::string> revoked_;
  std::deque<std::string> revoked_in_order_;

  std::atomic<bool> has_revoked_{false};  // lets most requests skip the lock
};

}  // namespace emulator::world
