// The errors of the vendor's API and of the control API, in blocks by strength of evidence, and the
// only functions that build their bodies. The identity service has its own: oauth/errors.h. Marks:
// [D] documented, [O] observed in the vendor's answers, [I] inferred, [U] unknown.
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
  // One entry of "details"; no entry if its code is empty. An empty target is omitted.
  std::string_view detail_code{};
  std::string_view detail_message{};
  std::string_view detail_target{};
  // The name that planned faults use; empty: the code.
  std::string_view own_name{};

  std::string_view name() const { return own_name.empty() ? code : own_name; }
};

namespace errors {

// --- From the pages of the operations [D]: tests compare them byte for byte with tests/golden/.

inline constexpr ApiError kHeaderNotFound{
    401, "HeaderNotFound", "Header Authorization was not found in the request. Access denied."};
inline constexpr ApiError kInsufficientPermissions{
    403, "InsufficientPermissions",
    "The user has insufficient permissions for the requested operation."};
inline constexpr ApiError kConnectionNotFound{404, "ConnectionNotFound",
                                              "Requested Connection is not available."};
inline constexpr ApiError kTooManyRequests{
    429, "TooManyRequests", "More requests were received than the subscription rate-limit allows."};

// Get Authorization Information; the page's target does have a '$'.
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
// Replaces TooManyRequests on the newer pages.
inline constexpr ApiError kRateLimitExceeded{
    429, "RateLimitExceeded",
    "The client sent more requests than allowed by this API for the current tier of the client."};

// Create Export Connection shows code and message; its details are cut off in every copy. The
// details here follow the pattern of the vendor's other APIs [I].
inline constexpr ApiError kInvalidConnection{422,
                                             kInvalidConnectionId.code,
                                             kInvalidConnectionId.message,
                                             "MissingRequiredProperty",
                                             "Required property is missing.",
                                             "iModelId",
                                             "InvalidConnection"};

// --- From other sources of the vendor. The page gives the status (401) but no body for these
// cases.

// A test of the vendor asserts the message against the live service [O]; other pages of the vendor
// show the code with the same beginning of the sentence [D].
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

// --- Inferred from the above: the bodies on the pages are cut off or missing. [I] for the status,
// [U] for code and details.

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

// --- Ours [U]: the vendor documents no answer for these cases; the format is the vendor's.

inline constexpr ApiError kBadRequest{
    400, "BadRequest",
    "The request is not well-formed HTTP/1.1 (RFC 9112) with a path as its target."};
inline constexpr ApiError kMalformedPath{
    400, "BadRequest", "The path has a '%' that is not followed by two hexadecimal digits."};
// Refuse appends the statuses by `more`.
inline constexpr ApiError kPreferenceUndocumented{
    400, "BadRequest",
    "Prefer: code= accepts only a status that the page of this operation documents. For another "
    "status, plan a fault; to ignore the header, start the emulator with --ignore-prefer. "
    "Documented statuses:"};
inline constexpr ApiError kRouteNotFound{404, "RouteNotFound",
                                         "Nothing is served at this path. GET / lists the paths."};
inline constexpr ApiError kMethodNotAllowed{
    405, "MethodNotAllowed",
    "The path does not support this method. The Allow header lists the methods it supports."};
inline constexpr ApiError kRequestTimeout{408, "RequestTimeout",
                                          "The request did not arrive completely in time."};
inline constexpr ApiError kPayloadTooLarge{413, "PayloadTooLarge",
                                           "The body is larger than the emulator accepts."};
inline constexpr ApiError kUriTooLong{414, "UriTooLong",
                                      "The request line is longer than the emulator accepts."};
inline constexpr ApiError kUnsupportedMediaType{
    415, "UnsupportedMediaType", "The body is compressed; send it without Content-Encoding."};
inline constexpr ApiError kHeaderFieldsTooLarge{
    431, "HeaderFieldsTooLarge", "The header fields are more or larger than the emulator accepts."};
inline constexpr ApiError kInternalServerError{
    500, "InternalServerError",
    "The emulator failed. This is a defect of the emulator; its log has the details."};
inline constexpr ApiError kTransferCodingUnknown{
    501, "NotImplemented", "The emulator supports no transfer coding but chunked."};
inline constexpr ApiError kServiceUnavailable{
    503, "ServiceUnavailable", "The emulator has as many open connections as it may have."};
inline constexpr ApiError kServerStopping{503, "ServiceUnavailable",
                                          "The emulator stopped before the answer was ready."};
inline constexpr ApiError kHttpVersionUnsupported{505, "HttpVersionNotSupported",
                                                  "The emulator supports HTTP/1.1 and HTTP/1.0."};
inline constexpr ApiError kTlsMissing{
    400, kBadRequest.code, "This port requires TLS: use https://, or the emulator's HTTP port."};
inline constexpr ApiError kTlsHandshakeFailed{400, kBadRequest.code, "The TLS handshake failed."};

}  // namespace errors

// Errors of the control API and of the choice of a sandbox. A planned fault cannot use them.
namespace control_errors {

inline constexpr ApiError kSandboxNameInvalid{
    400, "InvalidSandboxName",
    "The name of a sandbox is 1 to 64 characters of A-Z a-z 0-9 and . _ -, no others."};
inline constexpr ApiError kTwoSandboxes{
    400, "TwoSandboxes",
    "The path and the header X-Emulator-Sandbox name different sandboxes. Name one."};
inline constexpr ApiError kTooManySandboxes{
    503, "TooManySandboxes",
    "The limit of sandboxes is reached. DELETE /_emulator/sandboxes/{name} deletes one; "
    "--sandbox-limit sets the limit, --sandbox-idle the time after which an unused sandbox is "
    "deleted."};
inline constexpr ApiError kControlTokenMissing{
    401, "ControlTokenMissing",
    "The control API requires the token of --control-token, sent as Authorization: Bearer TOKEN. "
    "The request has no token, or a wrong one."};
inline constexpr ApiError kControlForbidden{
    403, "ControlForbidden",
    "The emulator listens on addresses that other machines can reach, so it refuses control calls. "
    "Start it with --control-token TOKEN, or with --control open."};
inline constexpr ApiError kInvalidJson{400, "InvalidJson", "The body is not JSON."};
inline constexpr ApiError kInvalidBody{422, "InvalidBody", "The body is not valid for this call."};
inline constexpr ApiError kInvalidQuery{422, "InvalidQuery",
                                        "This call takes no query parameters. Remove the query."};
inline constexpr ApiError kItemNotFound{404, "NotFound", "There is no item with this name."};
inline constexpr ApiError kStillReferenced{409, "StillReferenced",
                                           "Another item refers to this one."};
inline constexpr ApiError kNothingToExhaust{409, "NothingToExhaust",
                                            "The client has no rate limit."};
inline constexpr ApiError kTooManyFaults{
    409, "TooManyFaults",
    "The limit of 1000 planned faults is reached. DELETE /_emulator/faults removes all of them."};
inline constexpr ApiError kVerificationUnmet{409, "VerificationUnmet", "The claim does not hold."};
inline constexpr ApiError kWorldReset{409, "WorldReset",
                                      "The world was reset or deleted while the call waited."};
inline constexpr ApiError kStoreBusy{503, "StoreBusy", "Another process is writing to the store."};

}  // namespace control_errors

// All rows of `errors`.
std::span<const ApiError* const> AllApiErrors();

// The vendor's error with this name, for planned faults; ours are excluded. nullptr: unknown name.
const ApiError* FindApiError(std::string_view name);
// The names that FindApiError knows, in the order of the rows.
std::vector<std::string> ApiErrorNames();

// The response for an error: status, Content-Type, and the body
// {"error":{"code":...,"message":...}}, with "details" if the row has one. `more` continues the
// message: "MESSAGE MORE.".
http::Response Refuse(const ApiError& refusal, std::string_view more = {});

// The response for an error that a planned fault or Prefer chose. A 429 has `retry-after: 1`, the
// smallest value the emulator sends, because the page promises no number.
http::Response RefuseAsChosen(const ApiError& refusal);

struct ErrorDetail {
  std::string code, message, target;
};
// The response with these details instead of the row's. REQUIRES: at least one.
http::Response Refuse(const ApiError& refusal, const std::vector<ErrorDetail>& details);

// Details as the vendor's APIs word them.
ErrorDetail MissingProperty(std::string_view name);
ErrorDetail InvalidValue(std::string_view name);

// Texts of an error of the control API that its row does not have.
struct ErrorText {
  std::string message;   // instead of the row's
  std::string target{};  // JSON pointer to the faulty part of the body; empty: omitted
  std::vector<ErrorDetail> details{};
};
http::Response Refuse(const ApiError& refusal, const ErrorText& text);

}  // namespace emulator::api
