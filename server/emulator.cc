#include "emulator.h"

#include <algorithm>
#include <cstdint>
#include <random>

#include "api/errors.h"
#include "api/unrouted.h"

namespace emulator {

namespace {

constexpr size_t kVendorBody = 1 << 20;  // bytes
constexpr size_t kControlBody = 64 << 20;

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
    case RequestDefect::kServerStopping:
      return errors::kServerStopping;
  }
  return errors::kBadRequest;
}

}  // namespace

size_t Emulator::BodyLimit(const Request& head) {
  const Address address = ReadAddress(head);
  const std::string_view target = address.target.empty() ? head.target : address.target;
  return Control::Owns(target.substr(0, target.find('?'))) ? kControlBody : kVendorBody;
}

Response Emulator::Answer(const Request& request) {
  const RealTime start = RealNow();
  if (IsPreflight(request))
    return Finish(request, {.response = AnswerPreflight(request)}, worlds_.Default()->clock, start);

  const Address address = ReadAddress(request);
  if (address.target.empty()) return AnswerWithin(request, request, address, start);
  Request within = request;
  within.target = address.target;
  return AnswerWithin(within, request, address, start);
}

Response Emulator::AnswerWithin(const Request& asked, const Request& as_sent,
                                const Address& address, RealTime start) {
  const Choice choice = Choose(asked, address);
  if (choice.refusal)
    return Finish(as_sent, {.response = Refuse(*choice.refusal), .reason = "sandbox-refused"},
                  worlds_.Default()->clock, start);
  return Finish(as_sent, Decide(asked, address, *choice.world), choice.world->clock, start);
}

Emulator::Choice Emulator::Choose(const Request& request, const Address& address) {
  switch (address.defect) {
    case Address::Defect::kBadName:
      return {nullptr, &control_errors::kSandboxNameInvalid};
    case Address::Defect::kTwoNames:
      return {nullptr, &control_errors::kTwoSandboxes};
    case Address::Defect::kNone:
      break;
  }
  if (address.sandbox.empty() || Control::IsOfAllWorlds(request.Path())) return {worlds_.Default()};
  auto world = worlds_.Sandbox(address.sandbox);
  if (!world) return {nullptr, &control_errors::kTooManySandboxes};
  return {std::move(world)};
}

Decision Emulator::Decide(const Request& request, const Address& address, World& world) {
  if (!Control::Owns(request.Path())) return service_.Answer(request, world);
  try {
    Response response = control_.Answer(request, address.sandbox, world,
                                        BaseUrl(public_url_, request, address.sandbox),
                                        BaseUrl(public_url_, request, ""));
    const char* const reason = response.status < 400 ? "" : "control-refused";
    return {.response = std::move(response), .gate = Gate::kControl, .reason = reason};
  } catch (const std::exception& failure) {
    log_.Complain(request.method + " " + std::string(request.Path()) +
                  " failed: " + failure.what());
    return {.response = Refuse(errors::kInternalServerError), .gate = Gate::kFailure};
  }
}

Response Emulator::RefuseUnread(RequestDefect defect) {
  const Request unread{.method = "-", .target = "-"};
  return Finish(unread,
                {.response = Refuse(RefusalFor(defect)),
                 .gate = Gate::kDoor,
                 .reason = std::string(Word(defect))},
                worlds_.Default()->clock, RealNow());
}

Response Emulator::Finish(const Request& request, Decision decision, const Clock& clock,
                          RealTime start) {
  const Time now = clock.Now();
  const std::string correlation_id = CorrelationIdFor(request);
  Response& response = decision.response;
  response.headers.Reserve(8);
  response.headers.Add("Date", HttpDate(now));
  response.headers.Add("X-Correlation-Id", correlation_id);
  // [I] Single-page apps are a supported kind of client, so the service must let browsers read it.
  response.headers.Add("Access-Control-Allow-Origin", "*");
  response.headers.Add("Access-Control-Expose-Headers",
                       "retry-after, location, x-correlation-id, preference-applied, "
                       "ITwinPlatform-RateLimited-Tier, "
                       "ITwinPlatform-RateLimited-API, ITwinPlatform-RateLimited-Operation, "
                       "ITwinPlatform-RateLimited-Application");
  log_.Write(
      {.time = now,
       .method = request.method,
       .target = request.target,
       .status = response.delivery.breakage == Breakage::kNone ? response.status : 0,
       .gate = Name(decision.gate),
       .reason = decision.reason,
       .client = decision.client,
       .user = decision.user,
       .token = decision.token,
       .fault = decision.fault,
       .correlation_id = correlation_id,
       .duration = std::chrono::duration_cast<std::chrono::microseconds>(RealNow() - start)});
  return std::move(decision.response);
}

}  // namespace emulator
