// Tokens as the emulator gives them out: JWTs, signed, on the World's clock; and tokens that are
// broken on purpose, to see what a client makes of the refusal.
//
// Threads: any.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tokens/issuer.h"
#include "world/world.h"

namespace emulator::tokens {

// How a token is broken. Each is refused by a cause of its own.
enum class TokenCorruption {
  kNone,
  kExpired,
  kNotYetValid,
  kWrongIssuer,
  kWrongAudience,
  kBadSignature,
  kUnknownKey,
  kAlgorithmNone,
  kAlgorithmHs256,  // signed with the public key for a secret
  kBadClaims,       // `exp` is a text
  kNoScope,
  kUnknownClient,
  kTruncated,
};

// By their names: "expired", "alg-none".
std::optional<TokenCorruption> FindCorruption(std::string_view name);
std::vector<std::string> CorruptionNames();

struct TokenSpec {
  std::string client;
  std::string user;  // empty: it acts for nobody
  std::vector<std::string> scopes;
  std::chrono::seconds lifetime = kTokenLifetime;
  TokenCorruption corruption = TokenCorruption::kNone;

  static constexpr std::chrono::seconds kTokenLifetime{3600};      // [D]
  static constexpr const char* kPlatformScope = "itwin-platform";  // [D] of the newer pages
};

// What of the World and of the request the tokens are for.
struct Issuing {
  const Issuer& issuer;
  const world::World& world;
  const std::string& root_url;  // where the emulator was reached
  Time now;
};

std::string MakeAccessToken(const Issuing& issuing, const TokenSpec& order);

// An ID token (OpenID Connect Core section 2). `nonce`: of the authorization request; may be empty.
std::string MakeIdToken(const Issuing& issuing, const std::string& client, const std::string& user,
                        const std::string& nonce);

}  // namespace emulator::tokens
