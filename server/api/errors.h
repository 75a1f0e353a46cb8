// Every refusal there is, in blocks by strength of evidence, and the only place that builds the
// body of one. Marks: [D] documented, [O] observed in the vendor's answers, [U] unknown.
//
// Threads: constants and pure functions.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "door/http.h"

namespace emulator {

struct Refusal {
  int status;
  std::string_view code;
  std::string_view message;
  // One entry of "details"; none when its code is empty.
  std::string_view detail_code{};
  std::string_view detail_message{};
};

namespace errors {

// --- The page of the operation [D]: compared byte for byte with tests/golden/.
// --------------------

inline constexpr Refusal kHeaderNotFound{
    401, "HeaderNotFound", "Header Authorization was not found in the request. Access denied."};
inline constexpr Refusal kInsufficientPermissions{
    403, "InsufficientPermissions",
    "The user has insufficient permissions for the requested operation."};
inline constexpr Refusal kConnectionNotFound{404, "ConnectionNotFound",
                                             "Requested Connection is not available."};
inline constexpr Refusal kTooManyRequests{
    429, "TooManyRequests", "More requests were received than the subscription rate-limit allows."};

// --- The vendor elsewhere. The page gives the status (401) and no body for these cases.
// -----------

// The message is asserted by a vendor's test against the live service [O]; the code is the one
// other pages of the vendor show beside the same sentence's beginning [D].
inline constexpr Refusal kUnauthorized{
    401, "Unauthorized",
    "Access denied due to invalid access_token. Make sure that issuer is correct, the token is not "
    "expired and is not corrupted."};
// Quoted from the live service in a public issue [O].
inline constexpr Refusal kUnknownClient{
    401, "Unauthorized",
    "Access denied due to invalid client. Make sure that client was registered on "
    "https://developer.bentley.com.",
    "UnknownClient", "Client was not registered on https://developer.bentley.com."};

// --- Ours [U]: the vendor documents no answer here; we keep its envelope.
// -------------------------

inline constexpr Refusal kBadRequest{
    400, "BadRequest",
    "The request is not well-formed HTTP/1.1 (RFC 9112) with a path as its target."};
inline constexpr Refusal kMalformedPath{
    400, "BadRequest", "The path has a '%' that is not followed by two hexadecimal digits."};
// The statuses follow: Refuse with `more`.
inline constexpr Refusal kPreferenceUndocumented{
    400, "BadRequest",
    "Prefer: code= takes a status that the page of this operation documents; others need a planned "
    "fault, and --ignore-prefer lets the emulator pass over the header. Documented are"};
inline constexpr Refusal kRouteNotFound{404, "RouteNotFound",
                                        "Nothing is served at this path. GET / lists what is."};
inline constexpr Refusal kMethodNotAllowed{
    405, "MethodNotAllowed",
    "The path does not take this method. The Allow header lists those it takes."};
inline constexpr Refusal kRequestTimeout{408, "RequestTimeout",
                                         "The request did not arrive completely in time."};
inline constexpr Refusal kPayloadTooLarge{413, "PayloadTooLarge",
                                          "The body is larger than the emulator takes."};
inline constexpr Refusal kUriTooLong{414, "UriTooLong",
                                     "The request line is longer than the emulator takes."};
inline constexpr Refusal kUnsupportedMediaType{
    415, "UnsupportedMediaType", "The body is compressed; send it without Content-Encoding."};
inline constexpr Refusal kHeaderFieldsTooLarge{
    431, "HeaderFieldsTooLarge", "The header fields are more or larger than the emulator takes."};
inline constexpr Refusal kInternalServerError{
    500, "InternalServerError",
    "The emulator failed; this is a fault of its own. Its log tells more."};
inline constexpr Refusal kTransferCodingUnknown{
    501, "NotImplemented", "The emulator takes no transfer coding but chunked."};
inline constexpr Refusal kServiceUnavailable{503, "ServiceUnavailable",
                                             "The emulator holds as many connections as it may."};
inline constexpr Refusal kHttpVersionUnsupported{505, "HttpVersionNotSupported",
                                                 "The emulator speaks HTTP/1.1 and HTTP/1.0."};

}  // namespace errors

// Every row above.
std::span<const Refusal* const> AllRefusals();

// The row that goes by a name: its detail's code where it has one ("UnknownClient"), else its code.
// The first, where several do ("BadRequest"); nullptr where none does.
const Refusal* FindRefusal(std::string_view name);
// Each once, in the order of the rows.
std::vector<std::string> RefusalNames();

// The refusal as an answer: status, Content-Type, and the body
// {"error":{"code":...,"message":...}}, with "details" where the row has one. `more` continues the
// message: "MESSAGE MORE.".
Response Refuse(const Refusal& refusal, std::string_view more = {});

// The refusal out of turn, as a planned fault or Prefer gives it: a 429 says `retry-after: 1`, our
// least, for the page promises no number.
Response RefuseAsAsked(const Refusal& refusal);

}  // namespace emulator
