#include "tokens/token_maker.h"

#include "base/digest.h"
#include "tokens/claims.h"

namespace emulator::tokens {

namespace {

using std::chrono::seconds;

struct CorruptionName {
  std::string_view name;
  TokenCorruption corruption;
};
constexpr CorruptionName kCorruptionNames[] = {
    {"expired", TokenCorruption::kExpired},
    {"not-yet-valid", TokenCorruption::kNotYetValid},
    {"wrong-issuer", TokenCorruption::kWrongIssuer},
    {"wrong-audience", TokenCorruption::kWrongAudience},
    {"bad-signature", TokenCorruption::kBadSignature},
    {"unknown-key", TokenCorruption::kUnknownKey},
    {"alg-none", TokenCorruption::kAlgorithmNone},
    {"alg-hs256", TokenCorruption::kAlgorithmHs256},
    {"bad-claims", TokenCorruption::kBadClaims},
    {"no-scope", TokenCorruption::kNoScope},
    {"unknown-client", TokenCorruption::kUnknownClient},
    {"truncated", TokenCorruption::kTruncated},
};

// A reserved name (RFC 2606).
constexpr const char* kOtherIssuer = "https://somebody-else.example";

// Times are whole seconds, as in claims, so that `exp` is exactly `iat` plus the lifetime.
Claims ClaimsFor(const Issuing& issuing, seconds lifetime) {
  issuing.issuer.AddAlias(issuing.root_url);
  const Time now = std::chrono::floor<seconds>(issuing.now);
  return {.issuer = issuing.issuer.NameOf(issuing.world, issuing.root_url),
          .issued_at = now,
          .not_before = now,
          .expires = now + lifetime,
          .id = NewSecret()};
}

// Changes the first character of the signature.
std::string WithWrongSignature(std::string token) {
  char& first = token[token.rfind('.') + 1];
  first = first == 'A' ? 'B' : 'A';
  return token;
}

void Corrupt(Claims& claims, TokenCorruption corruption, Time now) {
  switch (corruption) {
    case TokenCorruption::kExpired:
      claims.issued_at = claims.not_before = now - 2 * TokenSpec::kTokenLifetime;
      claims.expires = now - TokenSpec::kTokenLifetime;
      return;
    case TokenCorruption::kNotYetValid:
      claims.not_before = now + TokenSpec::kTokenLifetime;
      claims.expires = now + 2 * TokenSpec::kTokenLifetime;
      return;
    case TokenCorruption::kWrongIssuer:
      claims.issuer = kOtherIssuer;
      return;
    case TokenCorruption::kWrongAudience:
      claims.audience = {kOtherIssuer};
      return;
    case TokenCorruption::kNoScope:
      claims.scopes.reset();
      return;
    case TokenCorruption::kUnknownClient:
      claims.client_id = "unknown-client-" + claims.id;
      return;
    default:
      return;
  }
}

}  // namespace

std::optional<TokenCorruption> FindCorruption(std::string_view name) {
  for (const CorruptionName& row : kCorruptionNames)
    if (row.name == name) return row.corruption;
  return std::nullopt;
}

std::vector<std::string> CorruptionNames() {
  std::vector<std::string> names;
  for (const CorruptionName& row : kCorruptionNames) names.emplace_back(row.name);
  return names;
}

std::string MakeAccessToken(const Issuing& issuing, const TokenSpec& spec) {
  const crypto::SigningKey& key = issuing.issuer.key();
  Claims claims = ClaimsFor(issuing, spec.lifetime);
  claims.subject = spec.user.empty() ? spec.client : spec.user;
  claims.client_id = spec.client;
  claims.scopes = spec.scopes;
  Corrupt(claims, spec.corruption, issuing.now);

  const std::string payload = WriteClaims(claims);
  switch (spec.corruption) {
    case TokenCorruption::kBadSignature:
      return WithWrongSignature(key.Sign(payload));
    case TokenCorruption::kUnknownKey:
      return key.SignAs("no-key-of-the-emulator", payload);
    case TokenCorruption::kAlgorithmNone:
      return crypto::SigningKey::EncodeUnsigned(payload);
    case TokenCorruption::kAlgorithmHs256:
      return key.SignByPublicKey(payload);
    case TokenCorruption::kBadClaims:
      return key.Sign(R"({"exp":"tomorrow"})");
    case TokenCorruption::kTruncated: {
      const std::string whole = key.Sign(payload);
      return whole.substr(0, whole.rfind('.'));
    }
    default:
      return key.Sign(payload);
  }
}

std::string MakeIdToken(const Issuing& issuing, const std::string& client, const std::string& user,
                        const std::string& nonce) {
  Claims claims = ClaimsFor(issuing, TokenSpec::kTokenLifetime);
  claims.audience = {client};
  claims.subject = user;
  claims.nonce = nonce;
  return issuing.issuer.key().Sign(WriteClaims(claims));
}

}  // namespace emulator::tokens
