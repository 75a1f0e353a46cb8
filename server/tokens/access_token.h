// Authentication: reads the Authorization header of a request and verifies its access token. A
// rejection is for the log; api/ decides which error answers it.
// Threads: any.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "http/request.h"
#include "tokens/issuer.h"
#include "world/world.h"

namespace emulator::tokens {

// Checked in this order.
enum class TokenRejection {
  kHeaderMissing,
  kHeaderRepeated,  // two Authorization headers
  kNotBearer,       // another scheme, no token, or more than one word
  kUnknown,         // neither a fixture nor a JWT

  // Only for a JWT that is not a fixture:
  kMalformed,
  kAlgorithm,     // not RS256
  kUnknownKey,    // signed with a key that is not the emulator's
  kBadSignature,  // names the emulator's key, but that key did not sign it
  kBadClaims,     // signed, but a claim is missing or of another type

  kWrongIssuer,
  kWrongAudience,  // only for a JWT
  kNotYetValid,
  kExpired,
  kRevoked,
  kUnknownClient,
};

// Proof of authentication: only TokenVerifier creates one.
class AccessToken {
 public:
  // Its name in logs; never the token itself.
  const std::string& name() const { return row_->token.name; }
  // The user it acts for; nullptr: none.
  const std::string* user() const { return row_->user ? &*row_->user : nullptr; }
  const fixtures::Client& client() const { return row_->client; }

  // True if it has one of these scopes.
  bool GrantsAny(std::span<const std::string_view> scopes) const;

 private:
  friend class TokenVerifier;
  explicit AccessToken(std::shared_ptr<const fixtures::ResolvedToken> row) : row_(std::move(row)) {}

  std::shared_ptr<const fixtures::ResolvedToken> row_;
};

// An access token, or the reason for its rejection.
struct Verdict {
  std::variant<AccessToken, TokenRejection> outcome;
  std::string
      token_name;  // for logs: its name, or a short hash of a token without a name; may be empty
  std::shared_ptr<const fixtures::ResolvedToken>
      row;               // what is known of the token, even if it is rejected
  std::string issuer{};  // the issuer whose tokens are accepted

  // Empty: unknown.
  std::string_view client() const { return row ? std::string_view(row->client.id) : ""; }
};

// A token is a fixture or, if no fixture matches, a JWT that the emulator signed.
class TokenVerifier {
 public:
  // `issuer` must outlive this.
  explicit TokenVerifier(const Issuer& issuer) : issuer_(issuer) {}

  // Changes nothing.
  Verdict Verify(const http::Request& request, const world::Snapshot& snapshot) const;

 private:
  Verdict VerifyFixture(const std::shared_ptr<const fixtures::ResolvedToken>& row,
                        const http::Request& request, const world::Snapshot& snapshot) const;
  Verdict VerifyJwt(const std::string& token, const http::Request& request,
                    const world::Snapshot& snapshot) const;
  // The checks that both kinds of token share.
  static Verdict VerifyRow(const std::shared_ptr<const fixtures::ResolvedToken>& row,
                           const world::Snapshot& snapshot);

  const Issuer& issuer_;
};

}  // namespace emulator::tokens
