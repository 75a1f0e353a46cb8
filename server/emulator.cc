#include "emulator.h"

#include <algorithm>
#include <cstdint>
#include <random>

#include "api/errors.h"
#include "api/unrouted.h"

namespace emulator {

namespace {

// A random UUID (RFC 9562 version 4).
std::string NewCorrelationId() {
  thread_local std::mt19937_64 random{std::random_device{}()};
  std::string id = "xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx";
  uint64_t bits = 0;
  int digits_left = 0;
  for (char& c : id) {
    if (c != 'x' && c != 'y') continue;
    if (digits_left == 0) {
      bits = random();
      digits_left = 16;
    }
    const auto digit = static_cast<size_t>(bits & 15);
    c = "0123456789abcdef"[c == 'y' ? (digit & 3) | 8 : digit];
    bits >>= 4;
    --digits_left;
  }
  return id;
}

// The request's X-Correlation-Id, or a new one where it has none that can be echoed: 1 to 256
// visible ASCII characters. [I] the vendor's maintainers ask users for it; who makes it is unknown.
std::string CorrelationIdFor(const Request& request) {
  const std::string* sent = request.headers.Find("X-Correlation-Id");
  const auto visible = [](char c) { return c > ' ' && c < '\x7f'; };
  if (sent && !sent->empty() && sent->size() <= 256 &&
      std::all_of(sent->begin(), sent->end(), visible))
    return *sent;
  return NewCorrelationId();
}

const Refusal& RefusalFor(RequestDefect defect) {
  switch (defect) {
    case RequestDefect::kMalformed:
      return errors::kBadRequest;
    case RequestDefect::kRequestTimeout:
      return errors::kRequestTimeout;
    case RequestDefect::kPayloadTooLarge:
      return errors::kPayloadTooLarge;
    case RequestDefect::kUriTooLong:
      return errors::kUriTooLong;
    case RequestDefect::kUnsupportedMediaType:
      return errors::kUnsupportedMediaType;
    case RequestDefect::kHeaderFieldsTooLarge:
      return errors::kHeaderFieldsTooLarge;
    case RequestDefect::kTransferCodingUnknown:
      return errors::kTransferCodingUnknown;
    case RequestDefect::kHttpVersionUnsupported:
      return errors::kHttpVersionUnsupported;
    case RequestDefect::kTooManyConnections:
      return errors::kServiceUnavailable;
  }
  return errors::kBadRequest;
}

}  // namespace

Response Emulator::Answer(const Request& request) {
  const RealTime start = RealNow();
  if (IsPreflight(request)) return Finish(request, {.response = AnswerPreflight(request)}, start);
  return Finish(request, Decide(request), start);
}

Decision Emulator::Decide(const Request& request) {
  if (Control::Owns(request.Path()))
    return {.response = control_.Answer(request), .gate = Gate::kControl};
  return service_.Answer(request, world_);
}

Response Emulator::RefuseUnread(RequestDefect defect) {
  const Request unread{.method = "-", .target = "-"};
  return Finish(unread,
                {.response = Refuse(RefusalFor(defect)),
                 .gate = Gate::kDoor,
                 .reason = std::string(Word(defect))},
                RealNow());
}

Response Emulator::Finish(const Request& request, Decision decision, RealTime start) {
  const Time now = world_.clock.Now();
  const std::string correlation_id = CorrelationIdFor(request);
  Response& response = decision.response;
  response.headers.Reserve(8);
  response.headers.Add("Date", HttpDate(now));
  response.headers.Add("X-Correlation-Id", correlation_id);
  // [I] Single-page apps are a supported kind of client, so the service must let browsers read it.
  response.headers.Add("Access-Control-Allow-Origin", "*");
  response.headers.Add("Access-Control-Expose-Headers",
                       "retry-after, location, x-correlation-id, ITwinPlatform-RateLimited-Tier, "
                       "ITwinPlatform-RateLimited-API, ITwinPlatform-RateLimited-Operation, "
                       "ITwinPlatform-RateLimited-Application");
  log_.Write(
      {.time = now,
       .method = request.method,
       .target = request.target,
       .status = response.status,
       .gate = Name(decision.gate),
       .reason = decision.reason,
       .client = decision.client,
       .user = decision.user,
       .token = decision.token,
       .correlation_id = correlation_id,
       .duration = std::chrono::duration_cast<std::chrono::microseconds>(RealNow() - start)});
  return std::move(decision.response);
}

}  // namespace emulator
