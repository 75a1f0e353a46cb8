// Every refusal there is, in blocks by strength of evidence, and the only place that builds the
// body of one. Marks: [D] documented, [O] observed in the vendor's answers, [U] unknown.
//
// Threads: constants and pure functions.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "http/response.h"

namespace emulator::api {

struct ApiError {
  int status;
  std::string_view code;
  std::string_view message;
  // One entry of "details"; none when its code is empty. An empty target is left out.
  std::string_view detail_code{};
  std::string_view detail_message{};
  std::string_view detail_target{};
  // What planned faults call it; empty: by its code.
  std::string_view own_name{};

  std::string_view name() const { return own_name.empty() ? code : own_name; }
};

namespace errors {

// --- The pages of the operations [D]: compared byte for byte with tests/golden/.

inline constexpr ApiError kHeaderNotFound{
    401, "HeaderNotFound", "Header Authorization was not found in the request. Access denied."};
inline constexpr ApiError kInsufficientPermissions{
    403, "InsufficientPermissions",
    "The user has insufficient permissions for the requested operation."};
inline constexpr ApiError kConnectionNotFound{404, "ConnectionNotFound",
                                              "Requested Connection is not available."};
inline constexpr ApiError kTooManyRequests{
    429, "TooManyRequests", "More requests were received than the subscription rate-limit allows."};

// Get Authorization Information; its target really has a '$'.
inline constexpr ApiError kInvalidAuthorizationInformation{422,
                                                           "InvalidAuthorizationInformationRequest",
                                                           "Cannot perform operation.",
                                                           "InvalidValue",
                                                           "redirectUrl must be a valid URL.",
                                                           "$redirectUrl"};
// Delete Export Connection.
inline constexpr ApiError kConnectionAlreadyInUse{409, "ConnectionAlreadyInUse",
                                                  "Connection is already being processed."};
inline constexpr ApiError kInvalidConnectionId{422,
                                               "InvalidExportConnectionRequest",
                                               "Cannot perform operation.",
                                               "InvalidValue",
                                               "Provided connectionId value is not valid.",
                                               "connectionId",
                                               "InvalidConnectionId"};
// In the newer pages' place of TooManyRequests.
inline constexpr ApiError kRateLimitExceeded{
    429, "RateLimitExceeded",
    "The client sent more requests than allowed by this API for the current tier of the client."};

// Create Export Connection shows code and message; its details are cut off in every copy. What
// stands in them is the pattern of the vendor's other APIs [I].
inline constexpr ApiError kInvalidConnection{422,
                                             kInvalidConnectionId.code,
                                             kInvalidConnectionId.message,
                                             "MissingRequiredProperty",
                                             "Required property is missing.",
                                             "iModelId",
                                             "InvalidConnection"};

// --- The vendor elsewhere. The page gives the status (401) and no body for these cases.

// The message is asserted by a vendor's test against the live service [O]; the code is the one
// other pages of the vendor show beside the same sentence's beginning [D].
inline constexpr ApiError kUnauthorized{
    401, "Unauthorized",
    "Access denied due to invalid access_token. Make sure that issuer is correct, the token is not "
    "expired and is not corrupted."};
// Quoted from the live service in a public issue [O].
inline constexpr ApiError kUnknownClient{
    401,
    "Unauthorized",
    "Access denied due to invalid client. Make sure that client was registered on "
    "https://developer.bentley.com.",
    "UnknownClient",
    "Client was not registered on https://developer.bentley.com.",
    "",
    "UnknownClient"};

// --- Inferred from the above: the pages' bodies were cut off, or they show none. [I] for the
// status, [U] for code and details.

inline constexpr ApiError kInvalidRun{422,
                                      kInvalidConnectionId.code,
                                      kInvalidConnectionId.message,
                                      "MissingRequiredProperty",
                                      kInvalidConnection.detail_message,
                                      "exportType",
                                      "InvalidRun"};
inline constexpr ApiError kInvalidQuery{422,
                                        kInvalidConnectionId.code,
                                        kInvalidConnectionId.message,
                                        "InvalidValue",
                                        "Provided imodelId value is not valid.",
                                        "imodelId",
                                        "InvalidQuery"};
inline constexpr ApiError kRunNotFound{404, "RunNotFound", "Requested Run is not available."};

// --- Ours [U]: the vendor documents no answer here; we keep its envelope.

inline constexpr ApiError kBadRequest{
    400, "BadRequest",
    "The request is not well-formed HTTP/1.1 (RFC 9112) with a path as its target."};
inline constexpr ApiError kMalformedPath{
    400, "BadRequest", "The path has a '%' that is not followed by two hexadecimal digits."};
// The statuses follow: Refuse with `more`.
inline constexpr ApiError kPreferenceUndocumented{
    400, "BadRequest",
    "Prefer: code= takes a status that the page of this operation documents; others need a planned "
    "fault, and --ignore-prefer lets the emulator pass over the header. Documented are"};
inline constexpr ApiError kRouteNotFound{404, "RouteNotFound",
                                         "Nothing is served at this path. GET / lists what is."};
inline constexpr ApiError kMethodNotAllowed{
    405, "MethodNotAllowed",
    "The path does not take this method. The Allow header lists those it takes."};
inline constexpr ApiError kRequestTimeout{408, "RequestTimeout",
                                          "The request did not arrive completely in time."};
inline constexpr ApiError kPayloadTooLarge{413, "PayloadTooLarge",
                                           "The body is larger than the emulator takes."};
inline constexpr ApiError kUriTooLong{414, "UriTooLong",
                                      "The request line is longer than the emulator takes."};
inline constexpr ApiError kUnsupportedMediaType{
    415, "UnsupportedMediaType", "The body is compressed; send it without Content-Encoding."};
inline constexpr ApiError kHeaderFieldsTooLarge{
    431, "HeaderFieldsTooLarge", "The header fields are more or larger than the emulator takes."};
inline constexpr ApiError kInternalServerError{
    500, "InternalServerError",
    "The emulator failed; this is a fault of its own. Its log tells more."};
inline constexpr ApiError kTransferCodingUnknown{
    501, "NotImplemented", "The emulator takes no transfer coding but chunked."};
inline constexpr ApiError kServiceUnavailable{503, "ServiceUnavailable",
                                              "The emulator holds as many connections as it may."};
inline constexpr ApiError kServerStopping{
    503, "ServiceUnavailable",
    "The emulator stopped before there was the answer that was awaited."};
inline constexpr ApiError kHttpVersionUnsupported{505, "HttpVersionNotSupported",
                                                  "The emulator speaks HTTP/1.1 and HTTP/1.0."};
inline constexpr ApiError kTlsMissing{
    400, kBadRequest.code,
    "TLS is spoken at this port: ask it by https://, or another by http://."};
inline constexpr ApiError kTlsHandshakeFailed{400, kBadRequest.code,
                                              "Client and emulator did not come to terms by TLS."};

}  // namespace errors

// Refusals of the emulator's own calls, and of the choice of a sandbox. No planned fault may give
// them.
namespace control_errors {

inline constexpr ApiError kSandboxNameInvalid{
    400, "InvalidSandboxName",
    "The name of a sandbox is 1 to 64 characters of A-Z a-z 0-9 and . _ -, no others."};
inline constexpr ApiError kTwoSandboxes{
    400, "TwoSandboxes",
    "The path and the header X-Emulator-Sandbox name different sandboxes. Name one."};
inline constexpr ApiError kTooManySandboxes{
    503, "TooManySandboxes",
    "There are as many sandboxes as there may be. DELETE /_emulator/sandboxes/{name} drops one; "
    "--sandbox-limit and --sandbox-idle say how many there may be and for how long."};
inline constexpr ApiError kControlTokenMissing{
    401, "ControlTokenMissing",
    "The emulator's own calls want the token of --control-token, Authorization: Bearer TOKEN, and "
    "none or another one was sent."};
inline constexpr ApiError kControlForbidden{
    403, "ControlForbidden",
    "The emulator listens on more than this machine's own addresses, so it takes no control calls. "
    "Start it with --control-token TOKEN, or with --control open."};
inline constexpr ApiError kInvalidJson{400, "InvalidJson", "The body is not JSON."};
inline constexpr ApiError kInvalidBody{422, "InvalidBody", "The body is not what this call takes."};
inline constexpr ApiError kInvalidQuery{
    422, "InvalidQuery", "This call takes no query parameters; leave out what follows the '?'."};
inline constexpr ApiError kItemNotFound{404, "NotFound", "There is none of that name."};
inline constexpr ApiError kStillReferenced{409, "StillReferenced", "Something refers to it."};
inline constexpr ApiError kNothingToExhaust{409, "NothingToExhaust", "Nothing limits the client."};
inline constexpr ApiError kTooManyFaults{
    409, "TooManyFaults",
    "There are 1000 planned faults already. DELETE /_emulator/faults takes all of them away."};
inline constexpr ApiError kVerificationUnmet{409, "VerificationUnmet", "It is not so."};
inline constexpr ApiError kWorldReset{
    409, "WorldReset", "The World was reset or dropped while the call waited for it."};
inline constexpr ApiError kStoreBusy{503, "StoreBusy", "Another process writes to the store."};

}  // namespace control_errors

// Every row of errors.
std::span<const ApiError* const> AllApiErrors();

// The row of the vendor's, of the blocks before ours, that goes by a name. nullptr where none does.
const ApiError* FindApiError(std::string_view name);
// Each once, in the order of the rows.
std::vector<std::string> ApiErrorNames();

// The refusal as an answer: status, Content-Type, and the body
// {"error":{"code":...,"message":...}}, with "details" where the row has one. `more` continues the
// message: "MESSAGE MORE.".
http::Response Refuse(const ApiError& refusal, std::string_view more = {});

// The refusal out of turn, as a planned fault or Prefer gives it: a 429 says `retry-after: 1`, our
// least, for the page promises no number.
http::Response RefuseAsAsked(const ApiError& refusal);

struct ErrorDetail {
  std::string code, message, target;
};
// The refusal with these details in place of the row's. REQUIRES: at least one.
http::Response Refuse(const ApiError& refusal, const std::vector<ErrorDetail>& details);

// Details as the vendor's APIs word them.
ErrorDetail MissingProperty(std::string_view name);
ErrorDetail InvalidValue(std::string_view name);

// What a refusal of the emulator's own calls tells beyond its row.
struct ErrorText {
  std::string message;   // in place of the row's
  std::string target{};  // what of the request is at fault, a JSON pointer; empty: left out
  std::vector<ErrorDetail> details{};
};
http::Response Refuse(const ApiError& refusal, const ErrorText& text);

}  // namespace emulator::api
