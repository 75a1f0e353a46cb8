// The emulator as an issuer of tokens: its names and its signing key. Each world is an issuer with
// its own name; all worlds share the key.
//
// A client compares the issuer's name with the URL it uses for the emulator: localhost, an address,
// a container's name. Therefore the name of the
// issuer is taken from the URL of each request, and names from earlier requests stay valid.
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
    std::string name{};        // --issuer, without a trailing '/'; empty: the URL the client used
    std::string public_url{};  // --public-url; empty: the URL the client used
  };

  Issuer() : Issuer({}, nullptr) {}
  // `key`: nullptr: the first use generates a key.
  Issuer(Settings settings, std::shared_ptr<const crypto::SigningKey> key);

  // The name of a world as an issuer, for a client that uses `root_url`.
  std::string NameOf(const world::World& world, const std::string& root_url) const;
  // From now on the names that start with `root_url` are valid, too.
  void AddAlias(const std::string& root_url) const;

  // Whether `name` is a valid name of the world. The URL of `request` counts as one.
  bool IsNameOf(const world::World& world, std::string_view name,
                const http::Request& request) const;

  // The issuer of token fixtures that name none.
  std::string_view OfFixtures() const {
    return settings_.name.empty() ? kVendor : std::string_view(settings_.name);
  }

  const crypto::SigningKey& key() const { return key_.Get(); }

  // A cache of tokens with a verified signature: verification takes longer than the rest of a
  // request. Validity times and revocation are checked on each request.
  using VerifiedTokens = RowCache<std::shared_ptr<const Claims>>;
  VerifiedTokens& verified_tokens() const { return verified_tokens_; }

 private:
  const Settings settings_;
  const crypto::SigningKeySource key_;

  mutable VerifiedTokens verified_tokens_{4 << 20};

  mutable std::mutex mutex_;
  mutable std::set<std::string, std::less<>> roots_;  // guarded by mutex_; URLs that clients used
};

}  // namespace emulator::tokens
