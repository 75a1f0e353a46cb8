#include "identity/token_maker.h"

#include "door/digest.h"
#include "identity/claims.h"

namespace emulator {

namespace {

using std::chrono::seconds;

struct FlawName {
  std::string_view name;
  TokenFlaw flaw;
};
constexpr FlawName kFlaws[] = {
    {"expired", TokenFlaw::kExpired},
    {"not-yet-valid", TokenFlaw::kNotYetValid},
    {"wrong-issuer", TokenFlaw::kWrongIssuer},
    {"wrong-audience", TokenFlaw::kWrongAudience},
    {"bad-signature", TokenFlaw::kBadSignature},
    {"unknown-key", TokenFlaw::kUnknownKey},
    {"alg-none", TokenFlaw::kAlgorithmNone},
    {"alg-hs256", TokenFlaw::kAlgorithmHs256},
    {"bad-claims", TokenFlaw::kBadClaims},
    {"no-scope", TokenFlaw::kNoScope},
    {"unknown-client", TokenFlaw::kUnknownClient},
    {"truncated", TokenFlaw::kTruncated},
};

// Nobody's, and no one's to have (RFC 2606).
constexpr const char* kSomebodyElse = "https://somebody-else.example";

// In whole seconds, as claims are: so that `exp` is `iat` and the lifetime.
Claims ClaimsFor(const Issuing& issuing, seconds lifetime) {
  issuing.issuer.AnswerTo(issuing.root_url);
  const Time now = std::chrono::floor<seconds>(issuing.now);
  return {.issuer = issuing.issuer.NameOf(issuing.world, issuing.root_url),
          .issued_at = now,
          .not_before = now,
          .expires = now + lifetime,
          .id = NewSecret()};
}

// The same token with another first letter of its signature.
std::string WithWrongSignature(std::string token) {
  char& first = token[token.rfind('.') + 1];
  first = first == 'A' ? 'B' : 'A';
  return token;
}

void Break(Claims& claims, TokenFlaw flaw, Time now) {
  switch (flaw) {
    case TokenFlaw::kExpired:
      claims.issued_at = claims.not_before = now - 2 * TokenOrder::kTokenLifetime;
      claims.expires = now - TokenOrder::kTokenLifetime;
      return;
    case TokenFlaw::kNotYetValid:
      claims.not_before = now + TokenOrder::kTokenLifetime;
      claims.expires = now + 2 * TokenOrder::kTokenLifetime;
      return;
    case TokenFlaw::kWrongIssuer:
      claims.issuer = kSomebodyElse;
      return;
    case TokenFlaw::kWrongAudience:
      claims.audience = {kSomebodyElse};
      return;
    case TokenFlaw::kNoScope:
      claims.scopes.reset();
      return;
    case TokenFlaw::kUnknownClient:
      claims.client_id = "unknown-client-" + claims.id;
      return;
    default:
      return;
  }
}

}  // namespace

std::optional<TokenFlaw> FindFlaw(std::string_view name) {
  for (const FlawName& row : kFlaws)
    if (row.name == name) return row.flaw;
  return std::nullopt;
}

std::vector<std::string> FlawNames() {
  std::vector<std::string> names;
  for (const FlawName& row : kFlaws) names.emplace_back(row.name);
  return names;
}

std::string MakeAccessToken(const Issuing& issuing, const TokenOrder& order) {
  const SigningKey& key = issuing.issuer.key();
  Claims claims = ClaimsFor(issuing, order.lifetime);
  claims.subject = order.user.empty() ? order.client : order.user;
  claims.client_id = order.client;
  claims.scopes = order.scopes;
  Break(claims, order.flaw, issuing.now);

  const std::string payload = WriteClaims(claims);
  switch (order.flaw) {
    case TokenFlaw::kBadSignature:
      return WithWrongSignature(key.Sign(payload));
    case TokenFlaw::kUnknownKey:
      return key.SignAs("no-key-of-the-emulator", payload);
    case TokenFlaw::kAlgorithmNone:
      return SigningKey::LeaveUnsigned(payload);
    case TokenFlaw::kAlgorithmHs256:
      return key.SignByPublicKey(payload);
    case TokenFlaw::kBadClaims:
      return key.Sign(R"({"exp":"tomorrow"})");
    case TokenFlaw::kTruncated: {
      const std::string whole = key.Sign(payload);
      return whole.substr(0, whole.rfind('.'));
    }
    default:
      return key.Sign(payload);
  }
}

std::string MakeIdToken(const Issuing& issuing, const std::string& client, const std::string& user,
                        const std::string& nonce) {
  Claims claims = ClaimsFor(issuing, TokenOrder::kTokenLifetime);
  claims.audience = {client};
  claims.subject = user;
  claims.nonce = nonce;
  return issuing.issuer.key().Sign(WriteClaims(claims));
}

}  // namespace emulator
