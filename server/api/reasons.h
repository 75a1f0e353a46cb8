// Why a request is refused: the reasons of the vendor's API. The identity service has its own
// (oauth/reasons.h); diagnosis/reason_table.cc lists all of them. A reason has a code, which the
// log and the header X-Emulator-Reason show; the gate that finds it; the error (errors.h) that
// answers it; the source that decides it; and a hint on what to do.
//
// Marks of a source: 'D' documented by the vendor, 'O' observed in the vendor's answers, 'I'
// inferred by us, 'U' unknown: the vendor says nothing, and the emulator decides.
//
// Threads: constants and pure functions.
#pragma once

#include <span>
#include <string_view>

#include "api/errors.h"
#include "http/server/request_parser.h"
#include "tokens/access_token.h"

namespace emulator::api {

// The gates of a request, in their order. kHttp, kControl, kIdentity and kFailure are outside the
// pipeline of the vendor's API.
enum class Gate {
  kHttp,      // the bytes could not be read as a request
  kControl,   // the control API
  kIdentity,  // the identity service
  kRoute,
  kFault,  // a planned fault, or Prefer
  kAuthenticate,
  kScope,
  kRateLimit,
  kContent,
  kLookUp,
  kPermission,
  kConflict,
  kRender,  // the request was not refused
  kFailure  // the emulator failed
};
// As the log and the journal show it: "rate-limit".
std::string_view Name(Gate gate);

struct Citation {
  char mark;
  std::string_view where;     // "Get Export Connection, response 401"
  std::string_view sentence;  // word for word; our own sentence if the mark is 'U'
};

struct Reason {
  std::string_view code;
  Gate gate;
  const ApiError* error;  // nullptr: the fault or Prefer chooses the answer
  Citation citation;
  std::string_view hint;  // what to do
};

namespace citations {

// The page of the operation. A test checks that it contains each sentence.
inline constexpr std::string_view kPage = "the page Get Export Connection";

inline constexpr Citation kOperation{'D', kPage,
                                     "Retrieves a ExportConnection with the specified ID."};
inline constexpr Citation kAuthentication{
    'D', kPage, "Requires Authorization header with valid Bearer token for scope export:read."};
inline constexpr Citation kAuthenticationToModify{
    'D', "the page Create Export Connection",
    "Requires Authorization header with valid Bearer token for scope export:modify."};
inline constexpr Citation kCredentials{
    'D', kPage,
    "This response indicates that request lacks valid authentication credentials. Access token "
    "might not been provided, issued by the wrong issuer, does not have required scopes or request "
    "headers were malformed."};
inline constexpr Citation kPermissions{
    'D', kPage,
    "This response indicates that user does not have required permissions to get specified "
    "connection."};
inline constexpr Citation kNotFound{
    'D', kPage, "This response indicates that the specified connection was not found."};
inline constexpr Citation kTooMany{
    'D', kPage,
    "This response indicates that the user has sent too many requests "
    "in a given amount of time."};
inline constexpr Citation kAccept{
    'D', kPage, "Setting to application/vnd.bentley.itwin-platform.v1+json is recommended."};
inline constexpr Citation kAnyObject{
    'D', kPage,
    "Note that clients MUST NOT assume that every failed request will produce an object of this "
    "schema"};

// Other pages and answers of the vendor.
inline constexpr Citation kNotValidConnection{
    'D', "the page Create Export Connection",
    "Invalid request to create connection. Request payload might be missing some of the required "
    "properties."};
inline constexpr Citation kDeleting{'D', "the page Delete Export Connection",
                                    "Invalid request to delete connection."};
inline constexpr Citation kBusy{'D', "the page Delete Export Connection",
                                "Connection is already being processed."};
inline constexpr Citation kOneRun{'D', "the overview of the Export API",
                                  "There can be only one run per connection at a time."};
inline constexpr Citation kOneAtATime{
    'D', "the page Create ExportConnection Run",
    "In the rare event that multiple create run requests are being made simultaneously, only the "
    "first request is processed and 409/conflict is returned for others."};
inline constexpr Citation kRefreshToken{
    'D', "the page Create ExportConnection Run",
    "The refresh token needs to be stored before calling the 'Create ExportConnection Run' "
    "end-point."};
inline constexpr Citation kRedirectUrl{'D', "the page Get Authorization Information",
                                       "redirectUrl must be a valid URL."};
inline constexpr Citation kBadToken{
    'O', "a test of the vendor's iModels client against the live service",
    "Access denied due to invalid access_token. Make sure that issuer is correct, the token is not "
    "expired and is not corrupted."};
inline constexpr Citation kBadClient{
    'O', "an answer of the live service, quoted in issues 70 and 71 of itwin-unreal-plugin",
    "Access denied due to invalid client. Make sure that client was registered on "
    "https://developer.bentley.com."};

// Ours.
inline constexpr Citation kOurs{
    'U', "the emulator",
    "The vendor documents no answer for this case; the emulator uses the vendor's error format."};

}  // namespace citations

namespace reasons {

// --- Refusals of the vendor, in the order of the gates.

inline constexpr Reason kAuthorizationMissing{
    "authorization-missing", Gate::kAuthenticate, &errors::kHeaderNotFound, citations::kCredentials,
    "Send the header \"Authorization: Bearer TOKEN\". Some HTTP clients drop it when they follow a "
    "redirect to another host or port."};
inline constexpr Reason kAuthorizationRepeated{"authorization-repeated", Gate::kAuthenticate,
                                               &errors::kUnauthorized, citations::kCredentials,
                                               "Send Authorization once. Usually the client has a "
                                               "default header and the request sets another one."};
inline constexpr Reason kAuthorizationNotBearer{
    "authorization-not-bearer", Gate::kAuthenticate, &errors::kUnauthorized,
    citations::kAuthentication,
    "Write \"Bearer\", a space, and one token without spaces; nothing else."};
inline constexpr Reason kTokenUnknown{
    "token-unknown", Gate::kAuthenticate, &errors::kUnauthorized, citations::kBadToken,
    "The fixtures of this world contain no such token. GET /_emulator/fixtures lists its tokens; "
    "PUT /_emulator/tokens/{name} adds one. A token of one sandbox is unknown in the others."};
inline constexpr Reason kTokenMalformed{
    "token-malformed", Gate::kAuthenticate, &errors::kUnauthorized, citations::kBadToken,
    "The token looks like a JWT but is not valid. A JWT has three parts of base64url, separated by "
    "dots; the first part is a JSON object without \"crit\". Check whether the token was cut off, "
    "quoted or wrapped."};
inline constexpr Reason kTokenAlgorithm{
    "token-algorithm", Gate::kAuthenticate, &errors::kUnauthorized, citations::kBadToken,
    "Only RS256 is accepted, whatever the token's header says. Get a token from /connect/token, or "
    "sign with the key of --signing-key."};
inline constexpr Reason kTokenUnknownKey{
    "token-unknown-key", Gate::kAuthenticate, &errors::kUnauthorized, citations::kBadToken,
    "Another issuer signed the token, or the emulator was restarted and made a new key; "
    "--signing-key keeps it the same. /.well-known/openid-configuration/jwks shows the present "
    "key."};
inline constexpr Reason kTokenBadSignature{
    "token-bad-signature", Gate::kAuthenticate, &errors::kUnauthorized, citations::kBadToken,
    "The token was changed after it was signed. Send it exactly as it was issued."};
inline constexpr Reason kTokenBadClaims{
    "token-bad-claims", Gate::kAuthenticate, &errors::kUnauthorized, citations::kBadToken,
    "A claim has the wrong type, or \"exp\" is missing. \"scope\" is an array of strings or one "
    "string; times are numbers of seconds."};
inline constexpr Reason kTokenWrongIssuer{
    "token-wrong-issuer", Gate::kAuthenticate, &errors::kUnauthorized, citations::kCredentials,
    "Use a token from the accepted issuer, or leave \"issuer\" out of its fixture. Each sandbox is "
    "a separate issuer."};
inline constexpr Reason kTokenWrongAudience{
    "token-wrong-audience", Gate::kAuthenticate, &errors::kUnauthorized, citations::kBadToken,
    "The token is for another audience. An ID token is for its client: send the access token."};
inline constexpr Reason kTokenNotYetValid{"token-not-yet-valid", Gate::kAuthenticate,
                                          &errors::kUnauthorized, citations::kBadToken,
                                          "The token is not valid yet. Change its \"notBefore\", "
                                          "or move the world's clock: PUT /_emulator/clock."};
inline constexpr Reason kTokenExpired{
    "token-expired", Gate::kAuthenticate, &errors::kUnauthorized, citations::kBadToken,
    "The client should have requested a new token. In a test, change the token's \"expires\", or "
    "set the world's clock back: PUT /_emulator/clock."};
inline constexpr Reason kTokenRevoked{
    "token-revoked", Gate::kAuthenticate, &errors::kUnauthorized, citations::kBadToken,
    "A client revoked the token: POST /connect/revocation. Get a new one. In a test, a reset of "
    "the world also resets revocations."};
inline constexpr Reason kClientUnknown{
    "client-unknown", Gate::kAuthenticate, &errors::kUnknownClient, citations::kBadClient,
    "The token's client has \"registered\": false, or is not a fixture of this world. PUT "
    "/_emulator/clients/{clientId} adds it; or use a token of another client."};
// The status is documented; its body is unknown [U].
inline constexpr Reason kScopeMissing{
    "scope-missing", Gate::kScope, &errors::kUnauthorized, citations::kCredentials,
    "Request the scope when the token is issued. In a test, add it to the token's \"scopes\": PUT "
    "/_emulator/tokens/{name}."};
inline constexpr Reason kRateLimited{
    "rate-limited", Gate::kRateLimit, &errors::kTooManyRequests, citations::kTooMany,
    "Let the client wait as many seconds as retry-after says. A test does not have to wait: POST "
    "/_emulator/clock/advance, or DELETE /_emulator/rate-limit/{clientId}."};
inline constexpr Reason kConnectionUnknown{
    "connection-unknown", Gate::kLookUp, &errors::kConnectionNotFound, citations::kNotFound,
    "Ids compare exactly, including case. GET /_emulator/fixtures lists the connections; PUT "
    "/_emulator/connections/{connectionId} adds one."};
inline constexpr Reason kPermissionMissing{
    "permission-missing", Gate::kPermission, &errors::kInsufficientPermissions,
    citations::kPermissions,
    "Use a token of a user who may read the connection, or add its id, or \"*\", to the user's "
    "\"connections\": PUT /_emulator/users/{userId}."};
inline constexpr Reason kUserMissing{
    "user-missing", Gate::kPermission, &errors::kInsufficientPermissions, citations::kPermissions,
    "The token has no user. Add \"user\" to the token or to its client."};

inline constexpr Reason kConnectionInvalid{
    "connection-invalid", Gate::kContent, &errors::kInvalidConnection,
    citations::kNotValidConnection,
    "Send a JSON object with \"iModelId\", a GUID. \"displayName\" and \"authenticationType\" "
    "(User or Service) are optional. The details of the answer name each invalid value."};
inline constexpr Reason kConnectionIdInvalid{
    "connection-id-invalid", Gate::kContent, &errors::kInvalidConnectionId, citations::kDeleting,
    "Send the id of a connection. It contains only letters, digits, and - . _ ~."};
inline constexpr Reason kRunInvalid{"run-invalid", Gate::kContent, &errors::kInvalidRun,
                                    citations::kOurs,
                                    "Send a JSON object with \"exportType\": \"IFC\". The details "
                                    "of the answer name each invalid value."};
inline constexpr Reason kQueryInvalid{
    "query-invalid", Gate::kContent, &errors::kInvalidQuery, citations::kOurs,
    "A list of connections requires imodelId exactly once; $top is 1 to 1000, $skip is 0 or more. "
    "The details of the answer name each invalid value."};
inline constexpr Reason kRedirectUrlInvalid{
    "redirect-url-invalid", Gate::kContent, &errors::kInvalidAuthorizationInformation,
    citations::kRedirectUrl,
    "Send redirectUrl exactly once, percent-encoded: an absolute http or https URL."};
inline constexpr Reason kIModelUnknown{"imodel-unknown", Gate::kLookUp,
                                       &errors::kConnectionNotFound, citations::kNotFound,
                                       "No connection of this world has that \"iModelId\"; it "
                                       "compares exactly. POST /export/connections creates one."};
inline constexpr Reason kRunUnknown{
    "run-unknown", Gate::kLookUp, &errors::kRunNotFound, citations::kOurs,
    "The connection has no such run. GET /export/connections/{connectionId}/runs lists its runs."};
inline constexpr Reason kUserNotAuthorized{
    "user-not-authorized", Gate::kPermission, &errors::kInsufficientPermissions,
    citations::kRefreshToken,
    "The user has \"authorized\": false, and the connection has the authenticationType User. PUT "
    "/_emulator/users/{userId} changes the user."};
inline constexpr Reason kConnectionInUse{
    "connection-in-use", Gate::kConflict, &errors::kConnectionAlreadyInUse, citations::kBusy,
    "A run of the connection is not finished. Wait for it. A test can move the clock, POST "
    "/_emulator/clock/advance, or finish the run, POST /_emulator/runs/{runId}/finish."};
inline constexpr Reason kRunSimultaneous{
    "run-simultaneous", Gate::kConflict, &errors::kConnectionAlreadyInUse, citations::kOneAtATime,
    "Another request started a run while this one waited, or within the \"simultaneousSeconds\" of "
    "the run plan. Retry: the answer is then a 303 that points to that run."};

// --- Answers that a test chose.

inline constexpr Reason kFaultPlanned{
    "fault-planned",
    Gate::kFault,
    nullptr,
    {'U', "the emulator", "A planned fault of this world decides the answer."},
    "GET /_emulator/faults lists the planned faults; DELETE /_emulator/faults removes them."};
inline constexpr Reason kPrefer{
    "prefer",
    Gate::kFault,
    nullptr,
    {'U', "the emulator", "The request asks for this answer by Prefer: code=."},
    "Remove the header Prefer, or start the emulator with --ignore-prefer."};
inline constexpr Reason kPreferUndocumented{"prefer-undocumented", Gate::kFault,
                                            &errors::kPreferenceUndocumented, citations::kOurs,
                                            "Ask for a status that the operation's page documents, "
                                            "or plan a fault: POST /_emulator/faults."};

// --- Ours: no such operation, or a request that could not be read.

inline constexpr Reason kRouteUnknown{"route-unknown", Gate::kRoute, &errors::kRouteNotFound,
                                      citations::kOurs,
                                      "GET / lists the paths. A trailing slash makes a different "
                                      "path. An id is one segment: write a '/' in it as %2F."};
inline constexpr Reason kPathMalformed{"path-malformed", Gate::kRoute, &errors::kMalformedPath,
                                       citations::kOurs, "Write a '%' in an id as %25."};
inline constexpr Reason kMethodUnknown{"method-unknown", Gate::kRoute, &errors::kMethodNotAllowed,
                                       citations::kOurs,
                                       "Use a method that the Allow header of the answer lists."};
inline constexpr Reason kSandboxNameInvalid{
    "sandbox-name-invalid", Gate::kRoute, &control_errors::kSandboxNameInvalid, citations::kOurs,
    "Name the sandbox with 1 to 64 characters of A-Z, a-z, 0-9, '.', '_' and '-'."};
inline constexpr Reason kTwoSandboxes{
    "sandboxes-contradict", Gate::kRoute, &control_errors::kTwoSandboxes, citations::kOurs,
    "Choose the sandbox by the path or by X-Emulator-Sandbox, not by both."};
inline constexpr Reason kTooManySandboxes{
    "sandboxes-exhausted", Gate::kRoute, &control_errors::kTooManySandboxes, citations::kOurs,
    "Delete each test's sandbox at its end, DELETE /_emulator/sandboxes/{sandbox}, or raise "
    "--sandbox-limit."};

inline constexpr Reason kRequestMalformed{
    "request-malformed", Gate::kHttp, &errors::kBadRequest, citations::kOurs,
    "Send a request as RFC 9112 defines it; an HTTP library does."};
inline constexpr Reason kRequestTimeout{"request-timeout", Gate::kHttp, &errors::kRequestTimeout,
                                        citations::kOurs,
                                        "Send the whole request within 10 seconds of its first "
                                        "byte, and as many body bytes as Content-Length says."};
inline constexpr Reason kBodyTooLarge{
    "body-too-large", Gate::kHttp, &errors::kPayloadTooLarge, citations::kOurs,
    "Send at most 1 MiB to the vendor's API, and at most 64 MiB to the control API."};
inline constexpr Reason kRequestLineTooLong{"request-line-too-long", Gate::kHttp,
                                            &errors::kUriTooLong, citations::kOurs,
                                            "Keep method, target and version within 8 KiB."};
inline constexpr Reason kBodyCompressed{"body-compressed", Gate::kHttp,
                                        &errors::kUnsupportedMediaType, citations::kOurs,
                                        "Send the body without Content-Encoding."};
inline constexpr Reason kHeadersTooLarge{"headers-too-large", Gate::kHttp,
                                         &errors::kHeaderFieldsTooLarge, citations::kOurs,
                                         "Keep the headers within 32 KiB and 100 fields."};
inline constexpr Reason kTransferCodingUnknown{"transfer-coding-unknown", Gate::kHttp,
                                               &errors::kTransferCodingUnknown, citations::kOurs,
                                               "Send the body chunked or with a Content-Length."};
inline constexpr Reason kHttpVersionUnsupported{"http-version-unsupported", Gate::kHttp,
                                                &errors::kHttpVersionUnsupported, citations::kOurs,
                                                "Let the client use HTTP/1.1."};
inline constexpr Reason kTlsMissing{
    "tls-missing", Gate::kHttp, &errors::kTlsMissing, citations::kOurs,
    "Let the client's base URL begin with https://, or use the emulator's HTTP port."};
inline constexpr Reason kTlsHandshakeFailed{
    "tls-handshake-failed", Gate::kHttp, &errors::kTlsHandshakeFailed, citations::kOurs,
    "Usually the client does not trust the CA (GET /_emulator/ca.pem), or uses a host name that "
    "the certificate does not cover (--tls-name). It must support TLS 1.2 or 1.3, and HTTP/1.1."};
inline constexpr Reason kConnectionsExhausted{
    "connections-exhausted", Gate::kHttp, &errors::kServiceUnavailable, citations::kOurs,
    "Let the clients share connections, or close unused ones: 10,000 are open."};
inline constexpr Reason kServerStopping{"server-stopping", Gate::kHttp, &errors::kServerStopping,
                                        citations::kOurs, "Retry when the emulator runs again."};
inline constexpr Reason kEmulatorFailed{
    "emulator-failed", Gate::kFailure, &errors::kInternalServerError, citations::kOurs,
    "This is a defect of the emulator. Its log has the details; please report it."};

}  // namespace reasons

const Reason& ReasonFor(tokens::TokenRejection rejection);
const Reason& ReasonFor(http::server::RequestParseError error);

}  // namespace emulator::api
