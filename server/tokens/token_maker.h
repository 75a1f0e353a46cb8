// Makes tokens: signed JWTs on the world's clock, and tokens broken on purpose, to test how a
// client handles their rejection. Threads: any.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tokens/issuer.h"
#include "world/world.h"

namespace emulator::tokens {

// How a token is broken. Each kind is refused for a different reason.
enum class TokenCorruption {
  kNone,
  kExpired,
  kNotYetValid,
  kWrongIssuer,
  kWrongAudience,
  kBadSignature,
  kUnknownKey,
  kAlgorithmNone,
  kAlgorithmHs256,  // signed with the public key as the secret
  kBadClaims,       // `exp` is a string
  kNoScope,
  kUnknownClient,
  kTruncated,
};

// By name: "expired", "alg-none".
std::optional<TokenCorruption> FindCorruption(std::string_view name);
std::vector<std::string> CorruptionNames();

struct TokenSpec {
  std::string client;
  std::string user;  // empty: no user
  std::vector<std::string> scopes;
  std::chrono::seconds lifetime = kTokenLifetime;
  TokenCorruption corruption = TokenCorruption::kNone;

  static constexpr std::chrono::seconds kTokenLifetime{3600};      // [D]
  static constexpr const char* kPlatformScope = "itwin-platform";  // [D] on the newer pages
};

// The world and the request that tokens are issued for.
struct Issuing {
  const Issuer& issuer;
  const world::World& world;
  const std::string& root_url;  // the URL the client used for the emulator
  Time now;
};

std::string MakeAccessToken(const Issuing& issuing, const TokenSpec& spec);

// An ID token (OpenID Connect Core section 2). `nonce`: from the authorization request; may be
// empty.
std::string MakeIdToken(const Issuing& issuing, const std::string& client, const std::string& user,
                        const std::string& nonce);

}  // namespace emulator::tokens
