// The errors of the identity service: rows as in api/errors.h, with the body of RFC 6749 section
// 5.2. `code` is the error, `message` its description, in which OAuth allows neither '"' nor '\'.
//
// [U] The vendor documents no error of its identity service; the rows follow the RFC.
//
// Threads: constants and pure functions.
#pragma once

#include "api/errors.h"

namespace emulator::oauth {

namespace errors {

inline constexpr api::ApiError kNoForm{
    400, "invalid_request",
    "Send the parameters in the body, as Content-Type: application/x-www-form-urlencoded."};
inline constexpr api::ApiError kFormMalformed{
    400, "invalid_request",
    "A parameter has a '%' that is not followed by two hexadecimal digits."};
inline constexpr api::ApiError kParameterRepeated{400, "invalid_request",
                                                  "A parameter is given twice."};
inline constexpr api::ApiError kParameterMissing{400, "invalid_request", "A parameter is missing:"};
inline constexpr api::ApiError kGrantTypeUnknown{
    400, "unsupported_grant_type",
    "grant_type must be client_credentials, authorization_code or refresh_token."};

inline constexpr api::ApiError kClientMissing{
    401, "invalid_client",
    "The request names no client, neither by HTTP Basic nor by client_id in the body."};
inline constexpr api::ApiError kClientTwice{
    400, "invalid_request",
    "HTTP Basic and the body both authenticate the client, or name different clients; use one."};
inline constexpr api::ApiError kBasicMalformed{
    401, "invalid_client",
    "The Authorization header is not HTTP Basic with the id and secret of a client, each "
    "URL-encoded, with ':' between them."};
inline constexpr api::ApiError kClientUnknown{401, "invalid_client", "The client is unknown."};
inline constexpr api::ApiError kSecretMissing{
    401, "invalid_client", "The client has a secret, but the request does not send it."};
inline constexpr api::ApiError kSecretWrong{401, "invalid_client",
                                            "The secret is wrong, or the client has no secret."};
inline constexpr api::ApiError kClientPublic{
    400, "unauthorized_client",
    "A client without a secret may not get a token for itself (RFC 6749 section 4.4)."};

inline constexpr api::ApiError kScopeMalformed{
    400, "invalid_scope",
    "scope must be words of visible ASCII characters, separated by single spaces."};
inline constexpr api::ApiError kScopeWidened{
    400, "invalid_scope", "A refresh may not request a scope that the log-in did not grant."};

inline constexpr api::ApiError kCodeUnknown{400, "invalid_grant", "The code is unknown."};
inline constexpr api::ApiError kCodeUsed{400, "invalid_grant",
                                         "The code was used before, possibly in a request that "
                                         "failed. The refresh tokens issued for it are revoked."};
inline constexpr api::ApiError kCodeExpired{400, "invalid_grant", "The code has expired."};
inline constexpr api::ApiError kCodeOfAnother{400, "invalid_grant",
                                              "The code was issued to another client."};
inline constexpr api::ApiError kRedirectUriDiffers{
    400, "invalid_grant", "redirect_uri differs from the one in the authorization request."};
inline constexpr api::ApiError kVerifierWrong{
    400, "invalid_grant", "code_verifier does not match code_challenge (RFC 7636 section 4.6)."};

inline constexpr api::ApiError kRefreshUnknown{400, "invalid_grant",
                                               "The refresh token is unknown."};
inline constexpr api::ApiError kRefreshUsed{
    400, "invalid_grant",
    "The refresh token was used before, or was revoked. All other refresh tokens of its log-in are "
    "now revoked, too."};
inline constexpr api::ApiError kRefreshExpired{400, "invalid_grant",
                                               "The refresh token has expired."};
inline constexpr api::ApiError kRefreshOfAnother{400, "invalid_grant",
                                                 "The refresh token was issued to another client."};
inline constexpr api::ApiError kTokenOfAnother{400, "invalid_grant",
                                               "The token was issued to another client."};

// Errors of /connect/authorize shown to the user, because the client cannot be trusted.
inline constexpr api::ApiError kUnknownClientAsks{
    400, "invalid_request", "client_id is missing, or the client is unknown."};
inline constexpr api::ApiError kRedirectUriUnknown{
    400, "invalid_request", "redirect_uri is missing, or is not registered for the client."};

// Errors of /connect/authorize sent to the client by a redirect. The status is the one for an
// answer without a redirect.
inline constexpr api::ApiError kRequestObject{400, "request_not_supported",
                                              "The parameter request is not supported."};
inline constexpr api::ApiError kRequestUri{400, "request_uri_not_supported",
                                           "The parameter request_uri is not supported."};
inline constexpr api::ApiError kResponseTypeUnknown{400, "unsupported_response_type",
                                                    "response_type must be code."};
inline constexpr api::ApiError kResponseModeUnknown{400, "invalid_request",
                                                    "response_mode must be query."};
inline constexpr api::ApiError kChallengeMissing{
    400, "invalid_request",
    "A client without a secret must send code_challenge and "
    "code_challenge_method=S256 (RFC 7636)."};
inline constexpr api::ApiError kChallengeMalformed{
    400, "invalid_request",
    "code_challenge must be 43 characters of base64url, and code_challenge_method must be S256."};
inline constexpr api::ApiError kLoginRequired{
    400, "login_required",
    "prompt=none, but no user is logged in: without the page, only login_hint names a user."};
inline constexpr api::ApiError kUserUnknown{400, "access_denied",
                                            "login_hint names no user of this world."};
inline constexpr api::ApiError kUserDeclined{400, "access_denied", "The user declined."};

}  // namespace errors

// The response for an error: {"error":...,"error_description":...}. `more` continues the
// description.
http::Response RefuseByOAuth(const api::ApiError& error, std::string_view more = {});

// The description with `more`.
std::string DescriptionOf(const api::ApiError& error, std::string_view more = {});

}  // namespace emulator::oauth
