// Why the identity service refuses: rows of the table in causes.h.
// Threads: constants.
#pragma once

#include "api/reasons.h"
#include "oauth/errors.h"

namespace emulator::oauth {

namespace citations {

inline constexpr api::Citation kOAuth{
    'U', "the emulator",
    "The vendor documents no error of its identity service; the emulator answers as OAuth 2.0 (RFC "
    "6749) says."};

}  // namespace citations

namespace reasons {

inline constexpr api::Reason OfIdentity(std::string_view word, const api::ApiError& refusal,
                                        std::string_view hint) {
  return {word, api::Gate::kOAuth, &refusal, citations::kOAuth, hint};
}

inline constexpr api::Reason kNoForm = OfIdentity(
    "oauth-no-form", errors::kNoForm,
    "Send grant_type=... and the others as a form, as an OAuth library does; JSON is not OAuth.");
inline constexpr api::Reason kFormMalformed =
    OfIdentity("oauth-form-malformed", errors::kFormMalformed,
               "Encode the values as a form does; a '%' itself is %25.");
inline constexpr api::Reason kParameterRepeated =
    OfIdentity("oauth-parameter-repeated", errors::kParameterRepeated,
               "Send each parameter once (RFC 6749 section 3.2).");
inline constexpr api::Reason kParameterMissing =
    OfIdentity("oauth-parameter-missing", errors::kParameterMissing,
               "Send the parameter that the description names.");
inline constexpr api::Reason kGrantTypeUnknown =
    OfIdentity("oauth-grant-type", errors::kGrantTypeUnknown,
               "The grants are those of /.well-known/openid-configuration.");

inline constexpr api::Reason kClientMissing =
    OfIdentity("oauth-client-missing", errors::kClientMissing,
               "Send the client's id and secret, by HTTP Basic or in the form; a client without a "
               "secret sends client_id alone.");
inline constexpr api::Reason kClientTwice = OfIdentity("oauth-client-twice", errors::kClientTwice,
                                                       "Choose one way (RFC 6749 section 2.3).");
inline constexpr api::Reason kBasicMalformed =
    OfIdentity("oauth-basic-malformed", errors::kBasicMalformed,
               "Encode id and secret as a form does, put ':' between, and encode that as base64.");
inline constexpr api::Reason kClientUnknown =
    OfIdentity("oauth-client-unknown", errors::kClientUnknown,
               "GET /_emulator/fixtures tells the clients of this World, PUT "
               "/_emulator/clients/{clientId} adds one.");
inline constexpr api::Reason kSecretMissing =
    OfIdentity("oauth-secret-missing", errors::kSecretMissing,
               "Send the secret, or leave it out of the client's fixture.");
inline constexpr api::Reason kSecretWrong =
    OfIdentity("oauth-secret-wrong", errors::kSecretWrong,
               "The secret is what the client's fixture says. By HTTP Basic it is URL-encoded.");
inline constexpr api::Reason kClientPublic =
    OfIdentity("oauth-client-public", errors::kClientPublic,
               "Give the client's fixture a \"secret\", or let a user log in.");

inline constexpr api::Reason kScopeMalformed = OfIdentity(
    "oauth-scope-malformed", errors::kScopeMalformed, "Part the scopes by single spaces.");
inline constexpr api::Reason kScopeWidened =
    OfIdentity("oauth-scope-widened", errors::kScopeWidened,
               "Leave scope out, or ask for some of those that were granted.");

inline constexpr api::Reason kCodeUnknown =
    OfIdentity("oauth-code-unknown", errors::kCodeUnknown,
               "Look whether it was cut off, is of another sandbox, or the World was reset.");
inline constexpr api::Reason kCodeUsed =
    OfIdentity("oauth-code-used", errors::kCodeUsed, "Exchange each code once.");
inline constexpr api::Reason kCodeExpired =
    OfIdentity("oauth-code-expired", errors::kCodeExpired,
               "A code is good for five minutes of the World's clock.");
inline constexpr api::Reason kCodeOfAnother =
    OfIdentity("oauth-code-of-another", errors::kCodeOfAnother,
               "Use the client_id that the user was sent to log in with.");
inline constexpr api::Reason kRedirectUriDiffers =
    OfIdentity("oauth-redirect-uri-differs", errors::kRedirectUriDiffers,
               "Send the redirect_uri of the authorization request, letter by letter.");
inline constexpr api::Reason kVerifierWrong =
    OfIdentity("oauth-verifier-wrong", errors::kVerifierWrong,
               "Keep the verifier from before the redirect. The challenge is the base64url of its "
               "SHA-256, without padding.");

inline constexpr api::Reason kRefreshUnknown = OfIdentity(
    "oauth-refresh-unknown", errors::kRefreshUnknown,
    "Look whether it was cut off, is of another sandbox, or the World was reset. Ask for "
    "offline_access to get one.");
inline constexpr api::Reason kRefreshUsed =
    OfIdentity("oauth-refresh-used", errors::kRefreshUsed,
               "Each refresh gives a new refresh token: keep that one, and let one thread refresh "
               "at a time.");
inline constexpr api::Reason kRefreshExpired =
    OfIdentity("oauth-refresh-expired", errors::kRefreshExpired,
               "It is good for thirty days of the World's clock. Let the user log in anew.");
inline constexpr api::Reason kRefreshOfAnother =
    OfIdentity("oauth-refresh-of-another", errors::kRefreshOfAnother,
               "Use the client_id that it was given to.");
inline constexpr api::Reason kTokenOfAnother =
    OfIdentity("oauth-token-of-another", errors::kTokenOfAnother,
               "A client takes back its own tokens only (RFC 7009 section 2.1).");

inline constexpr api::Reason kUnknownClientAsks =
    OfIdentity("oauth-authorize-client", errors::kUnknownClientAsks, kClientUnknown.hint);
inline constexpr api::Reason kRedirectUriUnknown = OfIdentity(
    "oauth-redirect-uri-unknown", errors::kRedirectUriUnknown,
    "Add it to \"redirectUris\" of the client's fixture. It compares letter by letter; only the "
    "port of http://127.0.0.1 and http://[::1] may be any (RFC 8252 section 7.3).");
inline constexpr api::Reason kRequestObject =
    OfIdentity("oauth-request-object", errors::kRequestObject, "Send the parameters themselves.");
inline constexpr api::Reason kRequestUri =
    OfIdentity("oauth-request-uri", errors::kRequestUri, "Send the parameters themselves.");
inline constexpr api::Reason kResponseTypeUnknown =
    OfIdentity("oauth-response-type", errors::kResponseTypeUnknown,
               "Use the authorization code flow with PKCE.");
inline constexpr api::Reason kResponseModeUnknown =
    OfIdentity("oauth-response-mode", errors::kResponseModeUnknown, "Leave response_mode out.");
inline constexpr api::Reason kChallengeMissing = OfIdentity(
    "oauth-challenge-missing", errors::kChallengeMissing, "Switch PKCE on in the client.");
inline constexpr api::Reason kChallengeMalformed =
    OfIdentity("oauth-challenge-malformed", errors::kChallengeMalformed,
               "The challenge is the base64url of the SHA-256 of the verifier, without padding.");
inline constexpr api::Reason kLoginRequired =
    OfIdentity("oauth-login-required", errors::kLoginRequired,
               "The emulator keeps no session. Send login_hint=USER beside prompt=none.");
inline constexpr api::Reason kUserUnknown =
    OfIdentity("oauth-user-unknown", errors::kUserUnknown,
               "GET /_emulator/fixtures tells the users, PUT /_emulator/users/{userId} adds one.");
inline constexpr api::Reason kUserDeclined =
    OfIdentity("oauth-user-declined", errors::kUserDeclined,
               "Somebody pressed Decline on the page; that is what the client gets then.");

}  // namespace reasons

}  // namespace emulator::oauth
