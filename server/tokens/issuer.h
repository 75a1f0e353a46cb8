// The emulator as an issuer of tokens: what it is called, and the key it signs with. Each World is
// an issuer of its own, told apart by name; the key is one for all.
//
// A client compares an issuer's name with the URL it was given, and that is whatever the emulator
// was reached by: localhost, an address, a container's name. So the name follows the request; what
// the emulator was once called it still answers to.
//
// Threads: any.
#pragma once

#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>

#include "base/row_cache.h"
#include "crypto/signing_key.h"
#include "http/request.h"
#include "tokens/claims.h"
#include "world/world.h"

namespace emulator::tokens {

class Issuer {
 public:
  // [D] the vendor's identity service, whose tokens the real API accepts.
  static constexpr std::string_view kVendor = "https://ims.bentley.com";

  struct Settings {
    std::string name{};        // --issuer, without a '/' at its end; empty: where it is reached
    std::string public_url{};  // --public-url; empty: as the request says
  };

  Issuer() : Issuer({}, nullptr) {}
  // `key`: the one to sign with; nullptr: one is made.
  Issuer(Settings settings, std::shared_ptr<const crypto::SigningKey> key);

  // What a World is called as an issuer, by one who reached the emulator at `root_url`.
  std::string NameOf(const world::World& world, const std::string& root_url) const;
  // From now on every World answers to the name that it has there.
  void AddAlias(const std::string& root_url) const;

  // Whether the World answers to the name. `request`: how it was reached this time.
  bool IsNameOf(const world::World& world, std::string_view name,
                const http::Request& request) const;

  // Whose tokens a fixture means where it names no issuer.
  std::string_view OfFixtures() const {
    return settings_.name.empty() ? kVendor : std::string_view(settings_.name);
  }

  const crypto::SigningKey& key() const { return key_.Get(); }

  // Tokens that the key was found to have signed, for proving one takes longer than all else of a
  // request. Their time and what was revoked is judged each time.
  using VerifiedTokens = RowCache<std::shared_ptr<const Claims>>;
  VerifiedTokens& verified_tokens() const { return verified_tokens_; }

 private:
  const Settings settings_;
  const crypto::SigningKeySource key_;

  mutable VerifiedTokens verified_tokens_{4 << 20};

  mutable std::mutex mutex_;
  mutable std::set<std::string, std::less<>> roots_;  // guarded by mutex_; what it was reached by
};

}  // namespace emulator::tokens
