#include "identity/access_token.h"

#include <algorithm>

#include "door/digest.h"

namespace emulator {

namespace {

// The token of "Bearer TOKEN"; empty when it is not of that form. The scheme compares without case
// (RFC 9110 section 11.1); exactly one token follows after one or more spaces.
std::string_view BearerToken(std::string_view header) {
  constexpr std::string_view kScheme = "Bearer";
  const size_t space = header.find(' ');
  if (space == std::string_view::npos || !EqualIgnoringCase(header.substr(0, space), kScheme))
    return {};
  const size_t start = header.find_first_not_of(' ', space);
  const std::string_view token = header.substr(std::min(start, header.size()));
  return token.find_first_of(" \t,") == std::string_view::npos ? token : std::string_view();
}

}  // namespace

bool AccessToken::GrantsAny(std::span<const std::string_view> scopes) const {
  const auto& granted = row_->token.scopes;
  return std::any_of(granted.begin(), granted.end(), [&](const std::string& scope) {
    return std::find(scopes.begin(), scopes.end(), scope) != scopes.end();
  });
}

Verdict TokenVerifier::Verify(const Request& request, const Snapshot& snapshot) const {
  const std::string* header = request.headers.Find("Authorization");
  if (!header) return {TokenDefect::kHeaderMissing, {}, {}};
  if (request.headers.Count("Authorization") > 1) return {TokenDefect::kHeaderRepeated, {}, {}};

  const std::string token(BearerToken(*header));
  if (token.empty()) return {TokenDefect::kNotBearer, {}, {}};
  auto row = snapshot.fixtures->FindToken(token);
  if (!row) return {TokenDefect::kUnknown, ShortHash(token), {}};

  const auto refuse = [&](TokenDefect defect) { return Verdict{defect, row->token.name, row}; };
  if (row->token.issuer && *row->token.issuer != issuer_) return refuse(TokenDefect::kWrongIssuer);
  if (row->not_before && snapshot.now < *row->not_before) return refuse(TokenDefect::kNotYetValid);
  if (row->expires && snapshot.now >= *row->expires) return refuse(TokenDefect::kExpired);
  if (!row->client.registered) return refuse(TokenDefect::kUnknownClient);
  return {AccessToken(row), row->token.name, row};
}

}  // namespace emulator
