// Why the identity service refuses a request: rows of the table of all reasons.
// Threads: constants.
#pragma once

#include "api/reasons.h"
#include "oauth/errors.h"

namespace emulator::oauth {

namespace citations {

inline constexpr api::Citation kOAuth{
    'U', "the emulator",
    "The vendor documents no error of its identity service; the emulator follows OAuth 2.0 (RFC "
    "6749)."};

}  // namespace citations

namespace reasons {

inline constexpr api::Reason IdentityReason(std::string_view code, const api::ApiError& error,
                                            std::string_view hint) {
  return {code, api::Gate::kIdentity, &error, citations::kOAuth, hint};
}

inline constexpr api::Reason kNoForm =
    IdentityReason("oauth-no-form", errors::kNoForm,
                   "Send grant_type and the other parameters as a form, as an OAuth library does. "
                   "OAuth does not use JSON here.");
inline constexpr api::Reason kFormMalformed =
    IdentityReason("oauth-form-malformed", errors::kFormMalformed,
                   "Encode the values as a form does; write a '%' as %25.");
inline constexpr api::Reason kParameterRepeated =
    IdentityReason("oauth-parameter-repeated", errors::kParameterRepeated,
                   "Send each parameter once (RFC 6749 section 3.2).");
inline constexpr api::Reason kParameterMissing =
    IdentityReason("oauth-parameter-missing", errors::kParameterMissing,
                   "Send the parameter that the description names.");
inline constexpr api::Reason kGrantTypeUnknown =
    IdentityReason("oauth-grant-type", errors::kGrantTypeUnknown,
                   "GET /.well-known/openid-configuration lists the supported grants.");

inline constexpr api::Reason kClientMissing = IdentityReason(
    "oauth-client-missing", errors::kClientMissing,
    "Send the client's id and secret, by HTTP Basic or in the form; a client without a "
    "secret sends client_id alone.");
inline constexpr api::Reason kClientTwice =
    IdentityReason("oauth-client-twice", errors::kClientTwice,
                   "Use one way to authenticate the client (RFC 6749 section 2.3).");
inline constexpr api::Reason kBasicMalformed = IdentityReason(
    "oauth-basic-malformed", errors::kBasicMalformed,
    "URL-encode id and secret, join them with ':', and encode the result as base64.");
inline constexpr api::Reason kClientUnknown =
    IdentityReason("oauth-client-unknown", errors::kClientUnknown,
                   "GET /_emulator/fixtures lists the clients of this world; PUT "
                   "/_emulator/clients/{clientId} adds one.");
inline constexpr api::Reason kSecretMissing =
    IdentityReason("oauth-secret-missing", errors::kSecretMissing,
                   "Send the secret, or remove it from the client's fixture.");
inline constexpr api::Reason kSecretWrong =
    IdentityReason("oauth-secret-wrong", errors::kSecretWrong,
                   "Send the secret of the client's fixture. In HTTP Basic it is URL-encoded.");
inline constexpr api::Reason kClientPublic =
    IdentityReason("oauth-client-public", errors::kClientPublic,
                   "Add a \"secret\" to the client's fixture, or let a user log in.");

inline constexpr api::Reason kScopeMalformed = IdentityReason(
    "oauth-scope-malformed", errors::kScopeMalformed, "Separate the scopes by single spaces.");
inline constexpr api::Reason kScopeWidened =
    IdentityReason("oauth-scope-widened", errors::kScopeWidened,
                   "Omit scope, or request only scopes that were granted.");

inline constexpr api::Reason kCodeUnknown = IdentityReason(
    "oauth-code-unknown", errors::kCodeUnknown,
    "Check whether the code was cut off, belongs to another sandbox, or the world was reset.");
inline constexpr api::Reason kCodeUsed =
    IdentityReason("oauth-code-used", errors::kCodeUsed, "Exchange each code once.");
inline constexpr api::Reason kCodeExpired =
    IdentityReason("oauth-code-expired", errors::kCodeExpired,
                   "A code is valid for five minutes of the world's clock.");
inline constexpr api::Reason kCodeOfAnother =
    IdentityReason("oauth-code-of-another", errors::kCodeOfAnother,
                   "Use the client_id of the authorization request.");
inline constexpr api::Reason kRedirectUriDiffers =
    IdentityReason("oauth-redirect-uri-differs", errors::kRedirectUriDiffers,
                   "Send exactly the redirect_uri of the authorization request.");
inline constexpr api::Reason kVerifierWrong =
    IdentityReason("oauth-verifier-wrong", errors::kVerifierWrong,
                   "Keep the verifier from before the redirect. The challenge is the base64url of "
                   "its SHA-256, without padding.");

inline constexpr api::Reason kRefreshUnknown =
    IdentityReason("oauth-refresh-unknown", errors::kRefreshUnknown,
                   "Check whether the token was cut off, belongs to another sandbox, or the world "
                   "was reset. Request the scope offline_access to get a refresh token.");
inline constexpr api::Reason kRefreshUsed =
    IdentityReason("oauth-refresh-used", errors::kRefreshUsed,
                   "Each refresh returns a new refresh token. Keep the new one, and let only one "
                   "thread refresh at a time.");
inline constexpr api::Reason kRefreshExpired = IdentityReason(
    "oauth-refresh-expired", errors::kRefreshExpired,
    "A refresh token is valid for thirty days of the world's clock. Let the user log in again.");
inline constexpr api::Reason kRefreshOfAnother =
    IdentityReason("oauth-refresh-of-another", errors::kRefreshOfAnother,
                   "Use the client_id that the token was issued to.");
inline constexpr api::Reason kTokenOfAnother =
    IdentityReason("oauth-token-of-another", errors::kTokenOfAnother,
                   "A client can revoke only its own tokens (RFC 7009 section 2.1).");

inline constexpr api::Reason kUnknownClientAsks =
    IdentityReason("oauth-authorize-client", errors::kUnknownClientAsks, kClientUnknown.hint);
inline constexpr api::Reason kRedirectUriUnknown = IdentityReason(
    "oauth-redirect-uri-unknown", errors::kRedirectUriUnknown,
    "Add it to \"redirectUris\" of the client's fixture. It compares exactly; only the port of "
    "http://127.0.0.1 and http://[::1] may differ (RFC 8252 section 7.3).");
inline constexpr api::Reason kRequestObject =
    IdentityReason("oauth-request-object", errors::kRequestObject, "Send the parameters directly.");
inline constexpr api::Reason kRequestUri =
    IdentityReason("oauth-request-uri", errors::kRequestUri, "Send the parameters directly.");
inline constexpr api::Reason kResponseTypeUnknown =
    IdentityReason("oauth-response-type", errors::kResponseTypeUnknown,
                   "Use the authorization code flow with PKCE.");
inline constexpr api::Reason kResponseModeUnknown =
    IdentityReason("oauth-response-mode", errors::kResponseModeUnknown, "Omit response_mode.");
inline constexpr api::Reason kChallengeMissing = IdentityReason(
    "oauth-challenge-missing", errors::kChallengeMissing, "Enable PKCE in the client.");
inline constexpr api::Reason kChallengeMalformed = IdentityReason(
    "oauth-challenge-malformed", errors::kChallengeMalformed,
    "The challenge is the base64url of the SHA-256 of the verifier, without padding.");
inline constexpr api::Reason kLoginRequired =
    IdentityReason("oauth-login-required", errors::kLoginRequired,
                   "The emulator keeps no session. Send login_hint=USER with prompt=none.");
inline constexpr api::Reason kUserUnknown = IdentityReason(
    "oauth-user-unknown", errors::kUserUnknown,
    "GET /_emulator/fixtures lists the users; PUT /_emulator/users/{userId} adds one.");
inline constexpr api::Reason kUserDeclined =
    IdentityReason("oauth-user-declined", errors::kUserDeclined,
                   "The user chose Decline on the page; the client gets this error.");

}  // namespace reasons

}  // namespace emulator::oauth
