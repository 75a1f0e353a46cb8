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

namespace emulator {

namespace {

constexpr size_t kVendorBody = 1 << 20;  // bytes
constexpr size_t kControlBody = 64 << 20;

std::string NewCorrelationId() {
  thread_local std::mt19937_64 random{std::random_device{}()};
  const uint64_t high = random();
  return RandomGuid(high, random());
}

// The request's X-Correlation-Id, or a new one where it has none that can be echoed: 1 to 256
// visible ASCII characters, and not a token. [I] the vendor's maintainers ask users for it; who
// makes it is unknown.
std::string CorrelationIdFor(const http::Request& request, const http::Credentials& credentials) {
  const std::string* sent = request.headers.Find("X-Correlation-Id");
  const auto visible = [](char c) { return c > ' ' && c < '\x7f'; };
  if (sent && !sent->empty() && sent->size() <= 256 &&
      std::all_of(sent->begin(), sent->end(), visible) && !credentials.AppearIn(*sent))
    return *sent;
  return NewCorrelationId();
}

// 0: a planned fault breaks the connection in place of an answer.
int ReportedStatus(const http::Response& response) {
  return response.delivery.connection_fault == http::ConnectionFault::kNone ? response.status : 0;
}

bool IsYetToCome(const http::Response& response) {
  return response.pending && response.pending->retry;
}

api::RequestRecord Refused(const api::Reason& reason) {
  return {.response = api::Refuse(*reason.error), .gate = reason.gate, .reason = reason.code};
}

}  // namespace

size_t Emulator::BodyLimit(const http::Request& head) {
  const world::SandboxRoute address = world::ParseSandboxRoute(head);
  const std::string_view target = address.target.empty() ? head.target : address.target;
  return control::Control::Owns(target.substr(0, target.find('?'))) ? kControlBody : kVendorBody;
}

http::Response Emulator::Answer(const http::Request& request) {
  const RealTime start = RealNow();
  if (api::IsPreflight(request))
    return Finish(request, {.response = api::AnswerPreflight(request)}, *worlds_.Default(),
                  Journaled::kNo, start);

  const world::SandboxRoute address = world::ParseSandboxRoute(request);
  if (address.target.empty()) return AnswerWithin(request, request, address, start);
  http::Request within = request;
  within.target = address.target;
  return AnswerWithin(within, request, address, start);
}

http::Response Emulator::AnswerWithin(const http::Request& asked, const http::Request& as_sent,
                                      const world::SandboxRoute& address, RealTime start) {
  const auto journaled = control::Control::Owns(asked.Path()) ? Journaled::kNo : Journaled::kYes;
  const Choice choice = Choose(asked, address);
  if (choice.reason)
    return Finish(as_sent, Refused(*choice.reason), *worlds_.Default(), journaled, start);
  api::RequestRecord record = Decide(asked, address, *choice.world);
  if (IsYetToCome(record.response)) return AnswerLater(as_sent, choice.world, std::move(record));
  return Finish(as_sent, std::move(record), *choice.world, journaled, start);
}

http::Response Emulator::AnswerLater(const http::Request& request,
                                     std::shared_ptr<world::World> world,
                                     api::RequestRecord record) {
  std::function<http::Response()>& retry = record.response.pending->retry;
  retry = [this, request, world = std::move(world), ask = std::move(retry)] {
    const RealTime start = RealNow();
    api::RequestRecord later = DecideControl(request, ask);
    if (IsYetToCome(later.response)) return AnswerLater(request, world, std::move(later));
    return Finish(request, std::move(later), *world, Journaled::kNo, start);
  };
  return std::move(record.response);
}

Emulator::Choice Emulator::Choose(const http::Request& request,
                                  const world::SandboxRoute& address) {
  switch (address.error) {
    case world::SandboxRoute::Error::kInvalidName:
      return {nullptr, &api::reasons::kSandboxNameInvalid};
    case world::SandboxRoute::Error::kConflictingNames:
      return {nullptr, &api::reasons::kTwoSandboxes};
    case world::SandboxRoute::Error::kNone:
      break;
  }
  if (address.sandbox.empty() || control::Control::IsOfAllWorlds(request.Path()))
    return {worlds_.Default()};
  auto world = worlds_.Sandbox(address.sandbox);
  if (!world) return {nullptr, &api::reasons::kTooManySandboxes};
  return {std::move(world)};
}

api::RequestRecord Emulator::Decide(const http::Request& request,
                                    const world::SandboxRoute& address, world::World& world) {
  const auto root_url = [&] { return world::BaseUrl(settings_.public_url, request, ""); };
  if (control::Control::Owns(request.Path()))
    return DecideControl(request, [&] {
      return control_.Answer(request, address.sandbox, world,
                             world::BaseUrl(settings_.public_url, request, address.sandbox),
                             root_url());
    });
  if (oauth::IdentityService::Owns(request.Path()))
    return identity_.Answer(request, world, root_url());
  api::RequestRecord record = service_.Answer(request, world);
  if (settings_.self_check) SelfCheck(http::Credentials(request.headers), record);
  return record;
}

void Emulator::SelfCheck(const http::Credentials& credentials, api::RequestRecord& record) {
  if (record.fault > 0) return;  // it is as somebody wants it
  const std::string answer =
      std::string(record.operation.empty() ? "what is no operation" : record.operation) + " " +
      std::to_string(record.response.status);
  for (std::string& violation : api::Violations(record.operation, record.response)) {
    credentials.Redact(violation.data(), violation.size());
    if (!record.violations.empty()) record.violations += '\n';
    record.violations += violation;
    log_.LogError(answer + " is answered against its contract: " + violation);
  }
}

api::RequestRecord Emulator::DecideControl(const http::Request& request,
                                           const std::function<http::Response()>& ask) {
  try {
    http::Response response = ask();
    const char* const reason = response.status < 400 ? "" : "control-refused";
    return {.response = std::move(response), .gate = api::Gate::kControl, .reason = reason};
  } catch (const std::exception& failure) {
    log_.LogError(request.method + " " + std::string(request.Path()) +
                  " failed: " + failure.what());
    return Refused(api::reasons::kEmulatorFailed);
  }
}

http::Response Emulator::RefuseUnread(http::server::RequestParseError defect) {
  const http::Request unread{.method = "-", .target = "-"};
  return Finish(unread, Refused(api::ReasonFor(defect)), *worlds_.Default(), Journaled::kYes,
                RealNow());
}

http::Response Emulator::Finish(const http::Request& request, api::RequestRecord record,
                                world::World& world, Journaled journaled, RealTime start) {
  const Time now = world.clock.Now();
  const auto duration = std::chrono::duration_cast<std::chrono::microseconds>(RealNow() - start);
  const http::Credentials credentials(request.headers);
  const std::string correlation_id = CorrelationIdFor(request, credentials);
  const uint64_t id =
      journaled == Journaled::kYes
          ? Journalize(request, record, world, now, duration, correlation_id, credentials)
          : worlds_.journals().NextId();

  http::Headers& headers = record.response.headers;
  headers.Reserve(8);
  headers.Add("Date", HttpDate(now));
  headers.Add("X-Correlation-Id", correlation_id);
  // [I] Single-page apps are a supported kind of client, so the service must let browsers read it.
  headers.Add("Access-Control-Allow-Origin", "*");
  headers.Add("Access-Control-Expose-Headers",
              "retry-after, location, x-correlation-id, preference-applied, "
              "ITwinPlatform-RateLimited-Tier, ITwinPlatform-RateLimited-API, "
              "ITwinPlatform-RateLimited-Operation, ITwinPlatform-RateLimited-Application, "
              "X-Emulator-Request-Id, X-Emulator-Reason");
  if (!settings_.quiet_headers) {
    headers.Add("X-Emulator-Request-Id", std::to_string(id));
    if (!record.reason.empty()) headers.Add("X-Emulator-Reason", std::string(record.reason));
  }

  std::string_view target = request.target;
  std::string shown;
  if (credentials.AppearIn(target)) {
    shown = target;
    credentials.Redact(shown.data(), shown.size());
    target = shown;
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

uint64_t Emulator::Journalize(const http::Request& request, const api::RequestRecord& record,
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
  if (const auto& shown = record.redacted_bodies) {
    entry.body = {shown->request};
    entry.answer_body = {shown->answer};
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
