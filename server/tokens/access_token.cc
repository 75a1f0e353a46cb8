#include "tokens/access_token.h"

#include <algorithm>

#include "base/digest.h"
#include "base/text.h"
#include "tokens/claims.h"

namespace emulator::tokens {

namespace {

// The token of "Bearer TOKEN"; empty if the header has another form. The scheme compares without
// case (RFC 9110 section 11.1); exactly one token follows after one or more spaces.
std::string_view BearerToken(std::string_view header) {
  constexpr std::string_view kScheme = "Bearer";
  const size_t space = header.find(' ');
  if (space == std::string_view::npos || !EqualIgnoringCase(header.substr(0, space), kScheme))
    return {};
  const size_t start = header.find_first_not_of(' ', space);
  const std::string_view token = header.substr(std::min(start, header.size()));
  return token.find_first_of(" \t,") == std::string_view::npos ? token : std::string_view();
}

// True if it begins as every JWT does, with '{"' in base64url, or has the three parts of a JWT.
bool LooksLikeJwt(std::string_view token) {
  return token.starts_with("eyJ") || std::count(token.begin(), token.end(), '.') == 2;
}

TokenRejection RejectionFor(crypto::SignatureRejection rejection) {
  switch (rejection) {
    case crypto::SignatureRejection::kMalformed:
      return TokenRejection::kMalformed;
    case crypto::SignatureRejection::kAlgorithm:
      return TokenRejection::kAlgorithm;
    case crypto::SignatureRejection::kUnknownKey:
      return TokenRejection::kUnknownKey;
    case crypto::SignatureRejection::kWrong:
      return TokenRejection::kBadSignature;
  }
  return TokenRejection::kMalformed;
}

// The claims of a token that the issuer's key signed.
std::variant<std::shared_ptr<const Claims>, TokenRejection> VerifyClaims(const std::string& token,
                                                                         const Issuer& issuer) {
  if (auto cached = issuer.verified_tokens().Find(token)) return *std::move(cached);
  const auto payload = issuer.key().Verify(token);
  if (const auto* rejection = std::get_if<crypto::SignatureRejection>(&payload))
    return RejectionFor(*rejection);
  auto read = ReadClaims(std::get<std::string>(payload));
  if (!read) return TokenRejection::kBadClaims;
  constexpr size_t kClaimBytes = 1024;
  auto claims = std::make_shared<const Claims>(*std::move(read));
  issuer.verified_tokens().Insert(token, claims, 2 * token.size() + kClaimBytes);
  return claims;
}

// The claims of a JWT in the form of a fixture. A client without a fixture is not registered.
std::shared_ptr<const fixtures::ResolvedToken> TokenRowOf(const std::string& token,
                                                          const std::string& name,
                                                          const Claims& claims,
                                                          const fixtures::FixtureStore& fixtures) {
  auto row = std::make_shared<fixtures::ResolvedToken>();
  row->token = {.token = token,
                .name = name,
                .user = {},
                .client = claims.client_id,
                .scopes = claims.scopes.value_or(std::vector<std::string>()),
                .issuer = claims.issuer,
                .not_before = {},
                .expires = {}};
  if (const auto client = fixtures.FindClient(claims.client_id))
    row->client = *client;
  else
    row->client = {.id = claims.client_id, .tier = {}, .registered = false};
  // [I] With client credentials alone, the subject is the client, and there is no user.
  if (!claims.subject.empty() && claims.subject != claims.client_id) row->user = claims.subject;
  row->not_before = claims.not_before;
  row->expires = claims.expires;
  return row;
}

}  // namespace

bool AccessToken::GrantsAny(std::span<const std::string_view> scopes) const {
  const auto& granted = row_->token.scopes;
  return std::any_of(granted.begin(), granted.end(), [&](const std::string& scope) {
    return std::find(scopes.begin(), scopes.end(), scope) != scopes.end();
  });
}

Verdict TokenVerifier::Verify(const http::Request& request, const world::Snapshot& snapshot) const {
  const std::string* header = request.headers.Find("Authorization");
  if (!header) return {TokenRejection::kHeaderMissing, {}, {}};
  if (request.headers.Count("Authorization") > 1) return {TokenRejection::kHeaderRepeated, {}, {}};

  const std::string token(BearerToken(*header));
  if (token.empty()) return {TokenRejection::kNotBearer, {}, {}};
  if (const auto row = snapshot.fixtures->FindToken(token))
    return VerifyFixture(row, request, snapshot);
  if (LooksLikeJwt(token)) return VerifyJwt(token, request, snapshot);
  return {TokenRejection::kUnknown, ShortHash(token), {}};
}

Verdict TokenVerifier::VerifyFixture(const std::shared_ptr<const fixtures::ResolvedToken>& row,
                                     const http::Request& request,
                                     const world::Snapshot& snapshot) const {
  const auto& issuer = row->token.issuer;
  const bool is_accepted = !issuer || *issuer == issuer_.OfFixtures() ||
                           issuer_.IsNameOf(snapshot.world, *issuer, request);
  Verdict verdict = is_accepted ? VerifyRow(row, snapshot)
                                : Verdict{TokenRejection::kWrongIssuer, row->token.name, row};
  verdict.issuer = issuer_.OfFixtures();
  return verdict;
}

Verdict TokenVerifier::VerifyJwt(const std::string& token, const http::Request& request,
                                 const world::Snapshot& snapshot) const {
  const std::string name = ShortHash(token);
  const auto verified = VerifyClaims(token, issuer_);
  if (const auto* rejection = std::get_if<TokenRejection>(&verified)) return {*rejection, name, {}};
  const auto& claims = std::get<std::shared_ptr<const Claims>>(verified);

  const auto row = TokenRowOf(token, name, *claims, *snapshot.fixtures);
  const auto is_ours = [&](const std::string& issuer) {
    return issuer_.IsNameOf(snapshot.world, issuer, request);
  };
  Verdict verdict{TokenRejection::kWrongIssuer, name, row};
  if (is_ours(claims->issuer)) {
    // [U] Whether the vendor's tokens name an audience: a token without one is accepted.
    const auto& audience = claims->audience;
    if (audience.empty() || std::any_of(audience.begin(), audience.end(), is_ours))
      verdict = VerifyRow(row, snapshot);
    else
      verdict.outcome = TokenRejection::kWrongAudience;
  }
  verdict.issuer = issuer_.NameOf(snapshot.world, http::OriginOf(request));
  return verdict;
}

Verdict TokenVerifier::VerifyRow(const std::shared_ptr<const fixtures::ResolvedToken>& row,
                                 const world::Snapshot& snapshot) {
  const auto refuse = [&](TokenRejection rejection) {
    return Verdict{rejection, row->token.name, row};
  };
  if (row->not_before && snapshot.now < *row->not_before)
    return refuse(TokenRejection::kNotYetValid);
  if (row->expires && snapshot.now >= *row->expires) return refuse(TokenRejection::kExpired);
  if (snapshot.world.grants.IsRevoked(row->token.token)) return refuse(TokenRejection::kRevoked);
  if (!row->client.registered) return refuse(TokenRejection::kUnknownClient);
  return {AccessToken(row), row->token.name, row};
}

}  // namespace emulator::tokens
