// The refusals of the identity service: rows as in errors.h, with another body (RFC 6749 section
// 5.2). `code` is the error, `message` its description, in which OAuth allows neither '"' nor '\'.
//
// [U] What the vendor's identity service answers is documented nowhere; all of this is the RFC's.
//
// Threads: constants and pure functions.
#pragma once

#include "api/errors.h"

namespace emulator::oauth {

namespace errors {

inline constexpr api::ApiError kNoForm{
    400, "invalid_request",
    "The parameters are wanted in the body, as Content-Type: application/x-www-form-urlencoded."};
inline constexpr api::ApiError kFormMalformed{
    400, "invalid_request",
    "A parameter has a '%' that is not followed by two hexadecimal digits."};
inline constexpr api::ApiError kParameterRepeated{400, "invalid_request",
                                                  "A parameter is given twice."};
inline constexpr api::ApiError kParameterMissing{400, "invalid_request", "A parameter is missing:"};
inline constexpr api::ApiError kGrantTypeUnknown{
    400, "unsupported_grant_type",
    "grant_type may be client_credentials, authorization_code and refresh_token."};

inline constexpr api::ApiError kClientMissing{
    401, "invalid_client",
    "No client is named, neither by HTTP Basic nor by client_id in the body."};
inline constexpr api::ApiError kClientTwice{
    400, "invalid_request",
    "HTTP Basic and the body both authenticate the client, or name two; use one."};
inline constexpr api::ApiError kBasicMalformed{
    401, "invalid_client",
    "The Authorization header is not HTTP Basic with a client's id and secret, each URL-encoded, "
    "and ':' between."};
inline constexpr api::ApiError kClientUnknown{401, "invalid_client", "There is no such client."};
inline constexpr api::ApiError kSecretMissing{401, "invalid_client",
                                              "The client has a secret, and none was sent."};
inline constexpr api::ApiError kSecretWrong{401, "invalid_client",
                                            "The client's secret is another one, or it has none."};
inline constexpr api::ApiError kClientPublic{
    400, "unauthorized_client",
    "A client without a secret may not get a token for itself (RFC 6749 section 4.4)."};

inline constexpr api::ApiError kScopeMalformed{
    400, "invalid_scope", "scope is words parted by single spaces, of visible ASCII characters."};
inline constexpr api::ApiError kScopeWidened{
    400, "invalid_scope", "A refresh may not ask for a scope that the log-in was not granted."};

inline constexpr api::ApiError kCodeUnknown{400, "invalid_grant", "The code is unknown."};
inline constexpr api::ApiError kCodeUsed{
    400, "invalid_grant",
    "The code was used before, be it in vain. Refresh tokens that came of it are revoked."};
inline constexpr api::ApiError kCodeExpired{400, "invalid_grant", "The code is expired."};
inline constexpr api::ApiError kCodeOfAnother{400, "invalid_grant",
                                              "The code was given to another client."};
inline constexpr api::ApiError kRedirectUriDiffers{
    400, "invalid_grant", "redirect_uri is not the one that the code was asked for with."};
inline constexpr api::ApiError kVerifierWrong{
    400, "invalid_grant",
    "code_verifier is not what code_challenge was made of (RFC 7636 section 4.6)."};

inline constexpr api::ApiError kRefreshUnknown{400, "invalid_grant",
                                               "The refresh token is unknown."};
inline constexpr api::ApiError kRefreshUsed{
    400, "invalid_grant",
    "The refresh token was used before, or was revoked. So are now all others of its log-in."};
inline constexpr api::ApiError kRefreshExpired{400, "invalid_grant",
                                               "The refresh token is expired."};
inline constexpr api::ApiError kRefreshOfAnother{400, "invalid_grant",
                                                 "The refresh token was given to another client."};
inline constexpr api::ApiError kTokenOfAnother{400, "invalid_grant",
                                               "The token was given to another client."};

// Of /connect/authorize, shown to the user: the client cannot be trusted with an answer.
inline constexpr api::ApiError kUnknownClientAsks{
    400, "invalid_request", "client_id is missing, or there is no such client."};
inline constexpr api::ApiError kRedirectUriUnknown{
    400, "invalid_request",
    "redirect_uri is missing, or is not one that is registered for the client."};

// Of /connect/authorize, sent to the client by a redirect; the status is what they would have
// without one.
inline constexpr api::ApiError kRequestObject{400, "request_not_supported",
                                              "The parameter request is not supported."};
inline constexpr api::ApiError kRequestUri{400, "request_uri_not_supported",
                                           "The parameter request_uri is not supported."};
inline constexpr api::ApiError kResponseTypeUnknown{400, "unsupported_response_type",
                                                    "response_type may be code."};
inline constexpr api::ApiError kResponseModeUnknown{400, "invalid_request",
                                                    "response_mode may be query."};
inline constexpr api::ApiError kChallengeMissing{
    400, "invalid_request",
    "A client without a secret must send code_challenge and "
    "code_challenge_method=S256 (RFC 7636)."};
inline constexpr api::ApiError kChallengeMalformed{
    400, "invalid_request",
    "code_challenge is 43 characters of base64url, and code_challenge_method may be S256."};
inline constexpr api::ApiError kLoginRequired{
    400, "login_required",
    "prompt=none, and nobody is logged in: only login_hint names a user without a page."};
inline constexpr api::ApiError kUserUnknown{400, "access_denied",
                                            "login_hint names no user of this World."};
inline constexpr api::ApiError kUserDeclined{400, "access_denied", "The user declined."};

}  // namespace errors

// The refusal as an answer: {"error":...,"error_description":...}. `more` continues the
// description.
http::Response RefuseByOAuth(const api::ApiError& refusal, std::string_view more = {});

// The description with `more`.
std::string DescriptionOf(const api::ApiError& refusal, std::string_view more = {});

}  // namespace emulator::oauth
