#include "emulator.h"

#include <algorithm>
#include <cstdint>
#include <random>

#include "api/contract.h"
#include "api/errors.h"
#include "api/reasons.h"
#include "api/unmatched.h"
#include "base/guid.h"
#include "base/suggestions.h"
#include "base/text.h"
#include "world/sandbox_routing.h"

namespace emulator {

namespace {

constexpr size_t kVendorBodyBytes = 1 << 20;
constexpr size_t kControlBodyBytes = 64 << 20;

std::string NewCorrelationId() {
  thread_local std::mt19937_64 random{std::random_device{}()};
  const uint64_t high = random();
  return RandomGuid(high, random());
}

// The request's X-Correlation-Id if it can be echoed: 1 to 256 visible ASCII characters without a
// credential. Otherwise a new one. [I] the vendor's maintainers ask users for it; who makes it is
// unknown.
std::string CorrelationIdFor(const http::Request& request, const http::Credentials& credentials) {
  const std::string* sent = request.headers.Find("X-Correlation-Id");
  if (sent && !sent->empty() && sent->size() <= 256 &&
      std::all_of(sent->begin(), sent->end(), IsVisible) && !credentials.AppearIn(*sent))
    return *sent;
  return NewCorrelationId();
}

// 0 if a planned fault breaks the connection instead of an answer.
int ReportedStatus(const http::Response& response) {
  return response.delivery.connection_fault == http::ConnectionFault::kNone ? response.status : 0;
}

bool IsPending(const http::Response& response) {
  return response.pending && response.pending->retry;
}

api::RequestRecord Refused(const api::Reason& reason) {
  api::RequestRecord record;
  record.Refuse(reason);
  return record;
}

}  // namespace

enum class Emulator::Face {
  kVendorApi,
  kIdentity,
  kControl,
  kSandboxes,  // control calls on all worlds: the world that is asked makes no difference
  kPreflight,  // a CORS preflight, which is answered on every path
  kUnread,     // the bytes were no request
};

// Where a request goes. Only this constructor decides the face of a request; kUnread is for bytes
// that never became one.
struct Emulator::Destination {
  explicit Destination(const http::Request& request)
      : route(world::ParseSandboxRoute(request)),
        path(PathWithin(route, request)),
        face(FaceOf(request, path)) {}
  Destination(const Destination&) = delete;  // `path` may point into `route`
  Destination& operator=(const Destination&) = delete;

  const world::SandboxRoute route;
  const std::string_view path;  // without the prefix that names a sandbox; valid with the request
  const Face face;

 private:
  static std::string_view PathWithin(const world::SandboxRoute& route,
                                     const http::Request& request) {
    if (route.target.empty()) return request.Path();
    return std::string_view(route.target).substr(0, route.target.find('?'));
  }
  static Face FaceOf(const http::Request& request, std::string_view path) {
    if (api::IsPreflight(request)) return Face::kPreflight;
    if (control::Control::IsOfAllWorlds(path)) return Face::kSandboxes;
    if (control::Control::Owns(path)) return Face::kControl;
    if (oauth::IdentityService::Owns(path)) return Face::kIdentity;
    return Face::kVendorApi;
  }
};

size_t Emulator::BodyLimit(const http::Request& head) {
  const Face face = Destination(head).face;
  return face == Face::kControl || face == Face::kSandboxes ? kControlBodyBytes : kVendorBodyBytes;
}

http::Response Emulator::Answer(const http::Request& request) {
  const RealTime start = RealNow();
  const Destination destination(request);
  const Face face = destination.face;
  if (face == Face::kPreflight)
    return Finish(request, face, *worlds_.Default(), {.response = api::AnswerPreflight(request)},
                  start);
  const Choice choice = ChooseWorld(destination);
  if (choice.reason)
    return Finish(request, face, *worlds_.Default(), Refused(*choice.reason), start);
  api::RequestRecord record = AnswerIn(*choice.world, request, destination);
  if (!IsPending(record.response))
    return Finish(request, face, *choice.world, std::move(record), start);
  http::Request head{.method = request.method,
                     .target = request.target,
                     .headers = request.headers,
                     .body = {},
                     .arrived = request.arrived,
                     .secure = request.secure};
  return AnswerLater(std::move(head), face, choice.world, std::move(record));
}

Emulator::Choice Emulator::ChooseWorld(const Destination& destination) {
  const world::SandboxRoute& route = destination.route;
  switch (route.error) {
    case world::SandboxRoute::Error::kInvalidName:
      return {nullptr, &api::reasons::kSandboxNameInvalid};
    case world::SandboxRoute::Error::kConflictingNames:
      return {nullptr, &api::reasons::kTwoSandboxes};
    case world::SandboxRoute::Error::kNone:
      break;
  }
  if (route.sandbox.empty() || destination.face == Face::kSandboxes) return {worlds_.Default()};
  auto world = worlds_.Sandbox(route.sandbox);
  if (!world) return {nullptr, &api::reasons::kTooManySandboxes};
  return {std::move(world)};
}

api::RequestRecord Emulator::AnswerIn(world::World& world, const http::Request& request,
                                      const Destination& destination) {
  const std::string_view path = destination.path;
  const std::string& sandbox = destination.route.sandbox;
  const auto base_url = [&](const std::string& name) {
    return world::BaseUrl(settings_.public_url, request, name);
  };
  switch (destination.face) {
    case Face::kControl:
    case Face::kSandboxes:
      return CallControl(request, [&] {
        return control_.Answer(request, path, sandbox, world, base_url(sandbox), base_url(""));
      });
    case Face::kIdentity:
      return identity_.Answer(request, path, world, base_url(""));
    default:
      break;
  }
  api::RequestRecord record = service_.Answer(request, path, world);
  if (settings_.self_check) SelfCheck(http::Credentials(request.headers), record);
  return record;
}

http::Response Emulator::AnswerLater(http::Request head, Face face,
                                     std::shared_ptr<world::World> world,
                                     api::RequestRecord record) {
  std::function<http::Response()>& retry = record.response.pending->retry;
  retry = [this, head = std::move(head), face, world = std::move(world), call = std::move(retry)] {
    const RealTime start = RealNow();
    api::RequestRecord later = CallControl(head, call);
    if (IsPending(later.response)) return AnswerLater(head, face, world, std::move(later));
    return Finish(head, face, *world, std::move(later), start);
  };
  return std::move(record.response);
}

void Emulator::SelfCheck(const http::Credentials& credentials, api::RequestRecord& record) {
  if (record.fault > 0) return;  // the fault may break the contract on purpose
  const std::string answer =
      (record.operation.empty() ? "unknown operation" : std::string(record.operation)) + " " +
      std::to_string(record.response.status);
  for (std::string& violation : api::Violations(record.operation, record.response)) {
    credentials.Redact(violation.data(), violation.size());
    if (!record.violations.empty()) record.violations += '\n';
    record.violations += violation;
    log_.LogError(answer + " violates the contract: " + violation);
  }
}

api::RequestRecord Emulator::CallControl(const http::Request& request,
                                         const std::function<http::Response()>& call) {
  try {
    http::Response response = call();
    const char* const reason = response.status < 400 ? "" : "control-refused";
    return {.response = std::move(response), .gate = api::Gate::kControl, .reason = reason};
  } catch (const std::exception& failure) {
    log_.LogError(request.method + " " + std::string(request.Path()) +
                  " failed: " + failure.what());
    return Refused(api::reasons::kEmulatorFailed);
  }
}

http::Response Emulator::RefuseUnread(http::server::RequestParseError error) {
  const http::Request unread{.method = "-", .target = "-"};
  return Finish(unread, Face::kUnread, *worlds_.Default(), Refused(api::ReasonFor(error)),
                RealNow());
}

http::Response Emulator::Finish(const http::Request& request, Face face, world::World& world,
                                api::RequestRecord record, RealTime start) {
  const Time now = world.clock.Now();
  const auto duration = std::chrono::duration_cast<std::chrono::microseconds>(RealNow() - start);
  const http::Credentials credentials(request.headers);
  const std::string correlation_id = CorrelationIdFor(request, credentials);
  const bool is_journaled =
      face == Face::kVendorApi || face == Face::kIdentity || face == Face::kUnread;
  const uint64_t id = is_journaled ? AddToJournal(request, record, world, now, duration,
                                                  correlation_id, credentials)
                                   : worlds_.journals().NextId();
  AddCommonHeaders(request, face, now, correlation_id, id, record);

  std::string_view target = request.target;
  std::string redacted;
  if (credentials.AppearIn(target)) {
    redacted = target;
    credentials.Redact(redacted.data(), redacted.size());
    target = redacted;
  }
  log_.Write({.time = now,
              .method = request.method,
              .target = target,
              .status = ReportedStatus(record.response),
              .gate = Name(record.gate),
              .reason = record.reason,
              .client = record.client(),
              .user = record.user(),
              .token = record.token,
              .fault = record.fault,
              .correlation_id = correlation_id,
              .duration = duration});
  return std::move(record.response);
}

void Emulator::AddCommonHeaders(const http::Request& request, Face face, Time now,
                                const std::string& correlation_id, uint64_t id,
                                api::RequestRecord& record) const {
  http::Headers& headers = record.response.headers;
  headers.Reserve(8);
  headers.Add("Date", HttpDate(now));
  headers.Add("X-Correlation-Id", correlation_id);
  // [I] Single-page apps are a supported kind of client, so browsers may read every answer. Other
  // clients send no Origin and get no CORS headers. An unread request may have had one.
  if (face == Face::kUnread || request.headers.Find("Origin")) {
    headers.Add("Access-Control-Allow-Origin", "*");
    headers.Add("Access-Control-Expose-Headers",
                "retry-after, location, x-correlation-id, preference-applied, "
                "ITwinPlatform-RateLimited-Tier, ITwinPlatform-RateLimited-API, "
                "ITwinPlatform-RateLimited-Operation, ITwinPlatform-RateLimited-Application, "
                "X-Emulator-Request-Id, X-Emulator-Reason");
  }
  if (face != Face::kControl && face != Face::kSandboxes) headers.Add("Vary", "Origin");
  if (settings_.quiet_headers) return;
  headers.Add("X-Emulator-Request-Id", std::to_string(id));
  if (!record.reason.empty()) headers.Add("X-Emulator-Reason", std::string(record.reason));
}

uint64_t Emulator::AddToJournal(const http::Request& request, const api::RequestRecord& record,
                                world::World& world, Time now, std::chrono::microseconds duration,
                                std::string_view correlation_id,
                                const http::Credentials& credentials) {
  const http::Response& response = record.response;
  journal::JournalEntry entry{.time = now,
                              .real_time = SystemNow(),
                              .duration = duration,
                              .method = request.method,
                              .target = request.target,
                              .body = {request.body},
                              .correlation_id = correlation_id,
                              .operation = record.operation,
                              .connection_id = record.connection_id,
                              .gate = Name(record.gate),
                              .reason = record.reason,
                              .violations = record.violations,
                              .client = record.client(),
                              .user = record.user(),
                              .token = record.token,
                              .right_issuer = record.issuer,
                              .was_metered = record.admission.has_value(),
                              .admission = record.admission.value_or(fixtures::Admission{}),
                              .fault = record.fault,
                              .status = ReportedStatus(response),
                              .delivery = response.delivery,
                              .answer_body = {response.body}};
  if (const auto& bodies = record.redacted_bodies) {
    entry.body = {bodies->request};
    entry.answer_body = {bodies->answer};
  }
  std::string scopes;
  if (const auto& row = record.resolved_token) {
    scopes = Join(row->token.scopes, " ");
    entry.is_token_known = true;
    entry.scopes = scopes;
    if (row->token.issuer) entry.issuer = *row->token.issuer;
    entry.not_before = row->not_before;
    entry.expires = row->expires;
  }
  return world.journal->Add(entry, request.headers, response.headers, credentials);
}

}  // namespace emulator
