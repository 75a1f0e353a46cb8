// What the identity service of one World has given out and taken back: authorization codes, refresh
// tokens, and the tokens that were revoked. None of them is kept in clear: only its digest is.
//
// All of it is bounded: where there is no room for one more, the oldest goes. Times are the
// World's.
//
// Threads: any thread may call anything at any time.
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

// What a user lets a client do.
struct Grant {
  uint64_t id = 0;  // the codes and refresh tokens that came of one log-in share it; set by Grants
  std::string client;
  std::string user;
  std::vector<std::string> scopes;
  Time expires{};  // of the code or refresh token

  // Of a code:
  std::string redirect_uri{};
  std::string challenge{};  // PKCE, S256; empty: none
  std::string nonce{};      // for the ID token
};

class Grants {
 public:
  // Each gives out a new secret that stands for the grant. A refresh token of the same log-in as
  // another one takes its id.
  std::string AddCode(Grant grant);
  std::string AddRefreshToken(Grant grant);

  enum class Defect { kUnknown, kUsed, kExpired };
  struct Found {
    std::optional<Grant> grant;  // nullopt: for this reason
    Defect defect = Defect::kUnknown;
  };
  Found FindCode(std::string_view code, Time now) const;
  Found FindRefreshToken(std::string_view token, Time now) const;

  // Each secret is good for one use. False when it was used before, or is unknown: then whoever has
  // it may have stolen it, and no refresh token of its log-in is good any more (RFC 6749 sections
  // 4.1.2 and 10.4).
  bool UseCode(std::string_view code);
  bool UseRefreshToken(std::string_view token);

  // A refresh token and all others of its log-in; or an access token, whoever made it.
  void RevokeRefreshToken(std::string_view token);
  void RevokeAccessToken(std::string_view token);
  bool IsRevoked(std::string_view access_token) const;

 private:
  // Secrets of one sort, by their digests.
  struct Secrets {
    struct Secret {
      Grant grant;
      bool is_used = false;
    };
    std::unordered_map<std::string, Secret> by_digest;
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

  std::atomic<bool> has_revoked_{false};  // of most WorldRegistry it is all that a request looks at
};

}  // namespace emulator::world
