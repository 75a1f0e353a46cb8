// Who is asking: the Authorization header of a request gives an access token or the cause why not.
// The cause is for us and for the log; which refusal it becomes is decided in api/.
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
  kUnknown,         // no fixture, and no JWT

  // Of a JWT that is no fixture:
  kMalformed,
  kAlgorithm,     // not RS256
  kUnknownKey,    // signed with a key that is not the emulator's
  kBadSignature,  // and named as the emulator's key, which did not sign it
  kBadClaims,     // signed, but a claim is missing or of another type

  kWrongIssuer,
  kWrongAudience,  // of a JWT
  kNotYetValid,
  kExpired,
  kRevoked,
  kUnknownClient,
};

// Only TokenVerifier makes one, so an endpoint that has one was authenticated.
class AccessToken {
 public:
  // What logs call it; never the token itself.
  const std::string& name() const { return row_->token.name; }
  // Whom it acts for; nullptr: nobody.
  const std::string* user() const { return row_->user ? &*row_->user : nullptr; }
  const fixtures::Client& client() const { return row_->client; }

  // True when it was granted one of these scopes.
  bool GrantsAny(std::span<const std::string_view> scopes) const;

 private:
  friend class TokenVerifier;
  explicit AccessToken(std::shared_ptr<const fixtures::ResolvedToken> row) : row_(std::move(row)) {}

  std::shared_ptr<const fixtures::ResolvedToken> row_;
};

// A token, or why there is none.
struct Verdict {
  std::variant<AccessToken, TokenRejection> outcome;
  std::string token_name;  // for logs: its name, or a short hash of one without; may be empty
  std::shared_ptr<const fixtures::ResolvedToken>
      row;               // what is known of it, also of a defective one
  std::string issuer{};  // whose token would be accepted

  // Empty when it is not known.
  std::string_view client() const { return row ? std::string_view(row->client.id) : ""; }
};

// A token is one of the fixtures' or, where those hold none such, a JWT of the emulator's own.
class TokenVerifier {
 public:
  // `issuer`: whose tokens are accepted; it outlives this.
  explicit TokenVerifier(const Issuer& issuer) : issuer_(issuer) {}

  // Pure: counts nothing, changes nothing.
  Verdict Verify(const http::Request& request, const world::Snapshot& snapshot) const;

 private:
  Verdict VerifyFixture(const std::shared_ptr<const fixtures::ResolvedToken>& row,
                        const http::Request& request, const world::Snapshot& snapshot) const;
  Verdict VerifyJwt(const std::string& token, const http::Request& request,
                    const world::Snapshot& snapshot) const;
  // What both sorts have in common.
  static Verdict VerifyRow(const std::shared_ptr<const fixtures::ResolvedToken>& row,
                           const world::Snapshot& snapshot);

  const Issuer& issuer_;
};

}  // namespace emulator::tokens
