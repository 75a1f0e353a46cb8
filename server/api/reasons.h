// Why a request is refused: every cause there is, as a table. A cause has a word, which the log and
// the header X-Emulator-Reason show; the gate that finds it; the refusal (errors.h) that answers
// it; the sentence of the source that decides so; and what a person can do about it.
//
// Marks, of a sentence: 'D' documented by the vendor, 'O' observed in the vendor's answers, 'I'
// inferred by us, 'U' unknown: the vendor says nothing, and we decided.
//
// Threads: constants and pure functions.
#pragma once

#include <span>
#include <string_view>

#include "api/errors.h"
#include "http/server/request_parser.h"
#include "tokens/access_token.h"

namespace emulator::api {

// The gates of a request, in their order. The first three and the last stand beside the line:
// it never became a request; it was for the emulator itself, or for the identity service; the
// emulator failed. kFault: somebody
// asked for that answer, by a planned fault or by Prefer.
enum class Gate {
  kHttp,
  kControl,
  kOAuth,
  kRoute,
  kFault,
  kAuthenticate,
  kScope,
  kRateLimit,
  kContent,
  kLookUp,
  kPermission,
  kConflict,
  kRender,
  kFailure
};
std::string_view Name(Gate gate);

struct Citation {
  char mark;
  std::string_view where;     // "Get Export Connection, response 401"
  std::string_view sentence;  // of it, word for word; ours where the mark is 'U'
};

struct Reason {
  std::string_view code;
  Gate gate;
  const ApiError* error;  // nullptr: whatever was planned
  Citation citation;
  std::string_view hint;
};

namespace citations {

// The page of the operation. A test looks each sentence up in it.
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

// The vendor elsewhere.
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
    'U', "the emulator", "The vendor documents no answer here; the emulator keeps its envelope."};

}  // namespace citations

namespace reasons {

// --- The vendor's, in the order of the gates.

inline constexpr Reason kAuthorizationMissing{
    "authorization-missing", Gate::kAuthenticate, &errors::kHeaderNotFound, citations::kCredentials,
    "Send the header \"Authorization: Bearer TOKEN\". Some HTTP clients drop it on a redirect to "
    "another host or port."};
inline constexpr Reason kAuthorizationRepeated{
    "authorization-repeated", Gate::kAuthenticate, &errors::kUnauthorized, citations::kCredentials,
    "Send Authorization once. Two mostly come of a client's default header beside one that is set "
    "for the request."};
inline constexpr Reason kAuthorizationNotBearer{
    "authorization-not-bearer", Gate::kAuthenticate, &errors::kUnauthorized,
    citations::kAuthentication,
    "Write \"Bearer\", a space, and one token without spaces; nothing else."};
inline constexpr Reason kTokenUnknown{
    "token-unknown", Gate::kAuthenticate, &errors::kUnauthorized, citations::kBadToken,
    "The fixtures of this World hold no such token. GET /_emulator/fixtures tells those they hold, "
    "PUT /_emulator/tokens/{name} adds one. A token of one sandbox is unknown in the others."};
inline constexpr Reason kTokenMalformed{
    "token-malformed", Gate::kAuthenticate, &errors::kUnauthorized, citations::kBadToken,
    "It looks like a JWT and is none: three parts of base64url, parted by dots, the first a JSON "
    "object without \"crit\". Look whether it was cut off, quoted or wrapped."};
inline constexpr Reason kTokenAlgorithm{
    "token-algorithm", Gate::kAuthenticate, &errors::kUnauthorized, citations::kBadToken,
    "Only RS256 is accepted, whatever the token's header says. Get one from /connect/token, or "
    "sign with --signing-key."};
inline constexpr Reason kTokenUnknownKey{
    "token-unknown-key", Gate::kAuthenticate, &errors::kUnauthorized, citations::kBadToken,
    "Another issuer signed it, or the emulator was started anew since: then its key is another "
    "one, unless --signing-key keeps it. /.well-known/openid-configuration/jwks tells the key."};
inline constexpr Reason kTokenBadSignature{
    "token-bad-signature", Gate::kAuthenticate, &errors::kUnauthorized, citations::kBadToken,
    "The token was changed after it was signed. Send it as it was given out."};
inline constexpr Reason kTokenBadClaims{
    "token-bad-claims", Gate::kAuthenticate, &errors::kUnauthorized, citations::kBadToken,
    "A claim has another type than its own, or \"exp\" is missing. \"scope\" is an array of texts "
    "or one text, times are numbers of seconds."};
inline constexpr Reason kTokenWrongIssuer{
    "token-wrong-issuer", Gate::kAuthenticate, &errors::kUnauthorized, citations::kCredentials,
    "Let the token come from the accepted issuer, or leave \"issuer\" out of its fixture. Each "
    "sandbox is an issuer of its own."};
inline constexpr Reason kTokenWrongAudience{
    "token-wrong-audience", Gate::kAuthenticate, &errors::kUnauthorized, citations::kBadToken,
    "The token is for somebody else. An ID token is for its client: send the access token."};
inline constexpr Reason kTokenNotYetValid{
    "token-not-yet-valid", Gate::kAuthenticate, &errors::kUnauthorized, citations::kBadToken,
    "The token's time has not come. Change its \"notBefore\", or move the World's clock: PUT "
    "/_emulator/clock."};
inline constexpr Reason kTokenExpired{
    "token-expired", Gate::kAuthenticate, &errors::kUnauthorized, citations::kBadToken,
    "The client should have got itself a new token. For the test: change the token's \"expires\", "
    "or set the World's clock back: PUT /_emulator/clock."};
inline constexpr Reason kTokenRevoked{
    "token-revoked", Gate::kAuthenticate, &errors::kUnauthorized, citations::kBadToken,
    "Somebody took it back: POST /connect/revocation. Get a new one. For the test: a reset of the "
    "World forgets what was revoked."};
inline constexpr Reason kClientUnknown{
    "client-unknown", Gate::kAuthenticate, &errors::kUnknownClient, citations::kBadClient,
    "The token's client has \"registered\": false, or is no fixture of this World. PUT "
    "/_emulator/clients/{clientId} adds it; or use a token of another client."};
// The status is documented; which body it has is not [U].
inline constexpr Reason kScopeMissing{
    "scope-missing", Gate::kScope, &errors::kUnauthorized, citations::kCredentials,
    "Ask for the scope when the token is issued. For the test: PUT /_emulator/tokens/{name} with "
    "it among \"scopes\"."};
inline constexpr Reason kRateLimited{
    "rate-limited", Gate::kRateLimit, &errors::kTooManyRequests, citations::kTooMany,
    "Let the client wait as many seconds as retry-after says. A test need not wait: POST "
    "/_emulator/clock/advance, or DELETE /_emulator/rate-limit/{clientId}."};
inline constexpr Reason kConnectionUnknown{
    "connection-unknown", Gate::kLookUp, &errors::kConnectionNotFound, citations::kNotFound,
    "Ids compare exactly, with their case. GET /_emulator/fixtures tells those there are, PUT "
    "/_emulator/connections/{connectionId} adds one."};
inline constexpr Reason kPermissionMissing{
    "permission-missing", Gate::kPermission, &errors::kInsufficientPermissions,
    citations::kPermissions,
    "Use a token of a user who may read it, or put the id, or \"*\", into the user's "
    "\"connections\": PUT /_emulator/users/{userId}."};
inline constexpr Reason kUserMissing{
    "user-missing", Gate::kPermission, &errors::kInsufficientPermissions, citations::kPermissions,
    "The token acts for nobody. Give it, or its client, a \"user\"."};

inline constexpr Reason kConnectionInvalid{
    "connection-invalid", Gate::kContent, &errors::kInvalidConnection,
    citations::kNotValidConnection,
    "Send a JSON object with \"iModelId\", a GUID, and, if wanted, \"displayName\" and "
    "\"authenticationType\", which is User or Service. The answer's details name what is wrong."};
inline constexpr Reason kConnectionIdInvalid{
    "connection-id-invalid", Gate::kContent, &errors::kInvalidConnectionId, citations::kDeleting,
    "Send the id as a connection has it: letters, digits, and - . _ ~ alone."};
inline constexpr Reason kRunInvalid{
    "run-invalid", Gate::kContent, &errors::kInvalidRun, citations::kOurs,
    "Send a JSON object with \"exportType\": \"IFC\". The answer's details name what is wrong."};
inline constexpr Reason kQueryInvalid{
    "query-invalid", Gate::kContent, &errors::kInvalidQuery, citations::kOurs,
    "A list of connections wants imodelId, once; $top is 1 to 1000, $skip 0 or more. The answer's "
    "details name what is wrong."};
inline constexpr Reason kRedirectUrlInvalid{
    "redirect-url-invalid", Gate::kContent, &errors::kInvalidAuthorizationInformation,
    citations::kRedirectUrl,
    "Send redirectUrl, once, percent-encoded: an absolute http or https URL."};
inline constexpr Reason kIModelUnknown{
    "imodel-unknown", Gate::kLookUp, &errors::kConnectionNotFound, citations::kNotFound,
    "No connection of this World has that \"iModelId\"; it compares exactly. POST "
    "/export/connections makes one."};
inline constexpr Reason kRunUnknown{
    "run-unknown", Gate::kLookUp, &errors::kRunNotFound, citations::kOurs,
    "The connection has no such run. GET /export/connections/{connectionId}/runs tells those it "
    "has."};
inline constexpr Reason kUserNotAuthorized{
    "user-not-authorized", Gate::kPermission, &errors::kInsufficientPermissions,
    citations::kRefreshToken,
    "The user has \"authorized\": false, and the connection is of authenticationType User. PUT "
    "/_emulator/users/{userId} changes it."};
inline constexpr Reason kConnectionInUse{
    "connection-in-use", Gate::kConflict, &errors::kConnectionAlreadyInUse, citations::kBusy,
    "A run of it is not over. Wait until it is; a test moves the clock, POST "
    "/_emulator/clock/advance, or ends the run, POST /_emulator/runs/{runId}/finish."};
inline constexpr Reason kRunSimultaneous{
    "run-simultaneous", Gate::kConflict, &errors::kConnectionAlreadyInUse, citations::kOneAtATime,
    "Another request started a run while this one waited, or within the \"simultaneousSeconds\" of "
    "the run plan. Ask again: then a 303 leads to that run."};

// --- What somebody asked for.

inline constexpr Reason kFaultPlanned{
    "fault-planned",
    Gate::kFault,
    nullptr,
    {'U', "the emulator", "A planned fault of this World struck the call."},
    "GET /_emulator/faults tells what is planned, DELETE /_emulator/faults takes it away."};
inline constexpr Reason kPrefer{
    "prefer",
    Gate::kFault,
    nullptr,
    {'U', "the emulator", "The request asked for this answer itself, by Prefer: code=."},
    "Leave the header Prefer out, or start with --ignore-prefer."};
inline constexpr Reason kPreferUndocumented{
    "prefer-undocumented", Gate::kFault, &errors::kPreferenceUndocumented, citations::kOurs,
    "Ask for a status that the operation's page documents, or plan a fault: POST "
    "/_emulator/faults."};

// --- Ours: there is no such operation, or no request that could be read.

inline constexpr Reason kRouteUnknown{
    "route-unknown", Gate::kRoute, &errors::kRouteNotFound, citations::kOurs,
    "GET / lists the paths that are served. A trailing slash makes another path, and an id is one "
    "segment: a '/' in it is written %2F."};
inline constexpr Reason kPathMalformed{"path-malformed", Gate::kRoute, &errors::kMalformedPath,
                                       citations::kOurs, "Write a '%' of an id as %25."};
inline constexpr Reason kMethodUnknown{"method-unknown", Gate::kRoute, &errors::kMethodNotAllowed,
                                       citations::kOurs,
                                       "Use a method of the answer's Allow header."};
inline constexpr Reason kSandboxNameInvalid{
    "sandbox-name-invalid", Gate::kRoute, &control_errors::kSandboxNameInvalid, citations::kOurs,
    "Name the sandbox with 1 to 64 of A-Z, a-z, 0-9, '.', '_' and '-'."};
inline constexpr Reason kTwoSandboxes{
    "sandboxes-contradict", Gate::kRoute, &control_errors::kTwoSandboxes, citations::kOurs,
    "Choose the sandbox by the path or by X-Emulator-Sandbox, not by both."};
inline constexpr Reason kTooManySandboxes{
    "sandboxes-exhausted", Gate::kRoute, &control_errors::kTooManySandboxes, citations::kOurs,
    "Let each test drop its sandbox: DELETE /_emulator/sandboxes/{sandbox}; or raise "
    "--sandbox-limit."};

inline constexpr Reason kRequestMalformed{
    "request-malformed", Gate::kHttp, &errors::kBadRequest, citations::kOurs,
    "Write the request as RFC 9112 says; an HTTP library does."};
inline constexpr Reason kRequestTimeout{"request-timeout", Gate::kHttp, &errors::kRequestTimeout,
                                        citations::kOurs,
                                        "Send the whole request within 10 seconds of its first "
                                        "byte, and as much body as Content-Length says."};
inline constexpr Reason kBodyTooLarge{
    "body-too-large", Gate::kHttp, &errors::kPayloadTooLarge, citations::kOurs,
    "Send at most 1 MiB to the vendor's API, 64 MiB of fixtures."};
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
                                                "Let the client speak HTTP/1.1."};
inline constexpr Reason kTlsMissing{"tls-missing", Gate::kHttp, &errors::kTlsMissing,
                                    citations::kOurs,
                                    "Let the client's base URL begin with https://, or name the "
                                    "emulator's other port."};
inline constexpr Reason kTlsHandshakeFailed{
    "tls-handshake-failed", Gate::kHttp, &errors::kTlsHandshakeFailed, citations::kOurs,
    "Mostly the client does not trust the CA (GET /_emulator/ca.pem), or asks by a name that the "
    "certificate is not for (--tls-name). It must take TLS 1.2 or 1.3, and HTTP/1.1."};
inline constexpr Reason kConnectionsExhausted{
    "connections-exhausted", Gate::kHttp, &errors::kServiceUnavailable, citations::kOurs,
    "Let the clients share connections, or close them: 10,000 are open."};
inline constexpr Reason kServerStopping{"server-stopping", Gate::kHttp, &errors::kServerStopping,
                                        citations::kOurs,
                                        "Ask again when the emulator runs again."};
inline constexpr Reason kEmulatorFailed{
    "emulator-failed", Gate::kFailure, &errors::kInternalServerError, citations::kOurs,
    "A fault of the emulator's own. Its log tells more; please report it."};

}  // namespace reasons

const Reason& ReasonFor(tokens::TokenRejection defect);
const Reason& ReasonFor(http::server::RequestParseError defect);

}  // namespace emulator::api
