// Why the identity service refuses: rows of the table in causes.h.
// Threads: constants.
#pragma once

#include "api/causes.h"
#include "api/oauth_errors.h"

namespace emulator {

namespace sources {

inline constexpr Source kOAuth{
    'U', "the emulator",
    "The vendor documents no error of its identity service; the emulator answers as OAuth 2.0 (RFC "
    "6749) says."};

}  // namespace sources

namespace causes {

inline constexpr Cause OfIdentity(std::string_view word, const Refusal& refusal,
                                  std::string_view hint) {
  return {word, Gate::kIdentity, &refusal, sources::kOAuth, hint};
}

inline constexpr Cause kOAuthNoForm = OfIdentity(
    "oauth-no-form", oauth_errors::kNoForm,
    "Send grant_type=... and the others as a form, as an OAuth library does; JSON is not OAuth.");
inline constexpr Cause kOAuthFormMalformed =
    OfIdentity("oauth-form-malformed", oauth_errors::kFormMalformed,
               "Encode the values as a form does; a '%' itself is %25.");
inline constexpr Cause kOAuthParameterRepeated =
    OfIdentity("oauth-parameter-repeated", oauth_errors::kParameterRepeated,
               "Send each parameter once (RFC 6749 section 3.2).");
inline constexpr Cause kOAuthParameterMissing =
    OfIdentity("oauth-parameter-missing", oauth_errors::kParameterMissing,
               "Send the parameter that the description names.");
inline constexpr Cause kOAuthGrantTypeUnknown =
    OfIdentity("oauth-grant-type", oauth_errors::kGrantTypeUnknown,
               "The grants are those of /.well-known/openid-configuration.");

inline constexpr Cause kOAuthClientMissing =
    OfIdentity("oauth-client-missing", oauth_errors::kClientMissing,
               "Send the client's id and secret, by HTTP Basic or in the form; a client without a "
               "secret sends client_id alone.");
inline constexpr Cause kOAuthClientTwice = OfIdentity(
    "oauth-client-twice", oauth_errors::kClientTwice, "Choose one way (RFC 6749 section 2.3).");
inline constexpr Cause kOAuthBasicMalformed =
    OfIdentity("oauth-basic-malformed", oauth_errors::kBasicMalformed,
               "Encode id and secret as a form does, put ':' between, and encode that as base64.");
inline constexpr Cause kOAuthClientUnknown =
    OfIdentity("oauth-client-unknown", oauth_errors::kClientUnknown,
               "GET /_emulator/fixtures tells the clients of this World, PUT "
               "/_emulator/clients/{clientId} adds one.");
inline constexpr Cause kOAuthSecretMissing =
    OfIdentity("oauth-secret-missing", oauth_errors::kSecretMissing,
               "Send the secret, or leave it out of the client's fixture.");
inline constexpr Cause kOAuthSecretWrong =
    OfIdentity("oauth-secret-wrong", oauth_errors::kSecretWrong,
               "The secret is what the client's fixture says. By HTTP Basic it is URL-encoded.");
inline constexpr Cause kOAuthClientPublic =
    OfIdentity("oauth-client-public", oauth_errors::kClientPublic,
               "Give the client's fixture a \"secret\", or let a user log in.");

inline constexpr Cause kOAuthScopeMalformed = OfIdentity(
    "oauth-scope-malformed", oauth_errors::kScopeMalformed, "Part the scopes by single spaces.");
inline constexpr Cause kOAuthScopeWidened =
    OfIdentity("oauth-scope-widened", oauth_errors::kScopeWidened,
               "Leave scope out, or ask for some of those that were granted.");

inline constexpr Cause kOAuthCodeUnknown =
    OfIdentity("oauth-code-unknown", oauth_errors::kCodeUnknown,
               "Look whether it was cut off, is of another sandbox, or the World was reset.");
inline constexpr Cause kOAuthCodeUsed =
    OfIdentity("oauth-code-used", oauth_errors::kCodeUsed, "Exchange each code once.");
inline constexpr Cause kOAuthCodeExpired =
    OfIdentity("oauth-code-expired", oauth_errors::kCodeExpired,
               "A code is good for five minutes of the World's clock.");
inline constexpr Cause kOAuthCodeOfAnother =
    OfIdentity("oauth-code-of-another", oauth_errors::kCodeOfAnother,
               "Use the client_id that the user was sent to log in with.");
inline constexpr Cause kOAuthRedirectUriDiffers =
    OfIdentity("oauth-redirect-uri-differs", oauth_errors::kRedirectUriDiffers,
               "Send the redirect_uri of the authorization request, letter by letter.");
inline constexpr Cause kOAuthVerifierWrong =
    OfIdentity("oauth-verifier-wrong", oauth_errors::kVerifierWrong,
               "Keep the verifier from before the redirect. The challenge is the base64url of its "
               "SHA-256, without padding.");

inline constexpr Cause kOAuthRefreshUnknown = OfIdentity(
    "oauth-refresh-unknown", oauth_errors::kRefreshUnknown,
    "Look whether it was cut off, is of another sandbox, or the World was reset. Ask for "
    "offline_access to get one.");
inline constexpr Cause kOAuthRefreshUsed =
    OfIdentity("oauth-refresh-used", oauth_errors::kRefreshUsed,
               "Each refresh gives a new refresh token: keep that one, and let one thread refresh "
               "at a time.");
inline constexpr Cause kOAuthRefreshExpired =
    OfIdentity("oauth-refresh-expired", oauth_errors::kRefreshExpired,
               "It is good for thirty days of the World's clock. Let the user log in anew.");
inline constexpr Cause kOAuthRefreshOfAnother =
    OfIdentity("oauth-refresh-of-another", oauth_errors::kRefreshOfAnother,
               "Use the client_id that it was given to.");
inline constexpr Cause kOAuthTokenOfAnother =
    OfIdentity("oauth-token-of-another", oauth_errors::kTokenOfAnother,
               "A client takes back its own tokens only (RFC 7009 section 2.1).");

inline constexpr Cause kOAuthUnknownClientAsks = OfIdentity(
    "oauth-authorize-client", oauth_errors::kUnknownClientAsks, kOAuthClientUnknown.hint);
inline constexpr Cause kOAuthRedirectUriUnknown = OfIdentity(
    "oauth-redirect-uri-unknown", oauth_errors::kRedirectUriUnknown,
    "Add it to \"redirectUris\" of the client's fixture. It compares letter by letter; only the "
    "port of http://127.0.0.1 and http://[::1] may be any (RFC 8252 section 7.3).");
inline constexpr Cause kOAuthRequestObject = OfIdentity(
    "oauth-request-object", oauth_errors::kRequestObject, "Send the parameters themselves.");
inline constexpr Cause kOAuthRequestUri =
    OfIdentity("oauth-request-uri", oauth_errors::kRequestUri, "Send the parameters themselves.");
inline constexpr Cause kOAuthResponseTypeUnknown =
    OfIdentity("oauth-response-type", oauth_errors::kResponseTypeUnknown,
               "Use the authorization code flow with PKCE.");
inline constexpr Cause kOAuthResponseModeUnknown = OfIdentity(
    "oauth-response-mode", oauth_errors::kResponseModeUnknown, "Leave response_mode out.");
inline constexpr Cause kOAuthChallengeMissing = OfIdentity(
    "oauth-challenge-missing", oauth_errors::kChallengeMissing, "Switch PKCE on in the client.");
inline constexpr Cause kOAuthChallengeMalformed =
    OfIdentity("oauth-challenge-malformed", oauth_errors::kChallengeMalformed,
               "The challenge is the base64url of the SHA-256 of the verifier, without padding.");
inline constexpr Cause kOAuthLoginRequired =
    OfIdentity("oauth-login-required", oauth_errors::kLoginRequired,
               "The emulator keeps no session. Send login_hint=USER beside prompt=none.");
inline constexpr Cause kOAuthUserUnknown =
    OfIdentity("oauth-user-unknown", oauth_errors::kUserUnknown,
               "GET /_emulator/fixtures tells the users, PUT /_emulator/users/{userId} adds one.");
inline constexpr Cause kOAuthUserDeclined =
    OfIdentity("oauth-user-declined", oauth_errors::kUserDeclined,
               "Somebody pressed Decline on the page; that is what the client gets then.");

}  // namespace causes

}  // namespace emulator
