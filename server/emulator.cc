#include "emulator.h"

#include <algorithm>
#include <cstdint>
#include <random>

#include "api/causes.h"
#include "api/contract.h"
#include "api/errors.h"
#include "api/unrouted.h"
#include "world/guid.h"
#include "world/nearest_name.h"

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
std::string CorrelationIdFor(const Request& request, const Credentials& credentials) {
  const std::string* sent = request.headers.Find("X-Correlation-Id");
  const auto visible = [](char c) { return c > ' ' && c < '\x7f'; };
  if (sent && !sent->empty() && sent->size() <= 256 &&
      std::all_of(sent->begin(), sent->end(), visible) && !credentials.AreIn(*sent))
    return *sent;
  return NewCorrelationId();
}

// 0: a planned fault breaks the connection in place of an answer.
int ToldStatus(const Response& response) {
  return response.delivery.breakage == Breakage::kNone ? response.status : 0;
}

bool IsYetToCome(const Response& response) {
  return response.sequel && response.sequel->again;
}

Decision Refused(const Cause& cause) {
  return {.response = Refuse(*cause.refusal), .gate = cause.gate, .reason = cause.word};
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
    return Finish(request, {.response = AnswerPreflight(request)}, *worlds_.Default(),
                  Journaled::kNo, start);

  const Address address = ReadAddress(request);
  if (address.target.empty()) return AnswerWithin(request, request, address, start);
  Request within = request;
  within.target = address.target;
  return AnswerWithin(within, request, address, start);
}

Response Emulator::AnswerWithin(const Request& asked, const Request& as_sent,
                                const Address& address, RealTime start) {
  const auto journaled = Control::Owns(asked.Path()) ? Journaled::kNo : Journaled::kYes;
  const Choice choice = Choose(asked, address);
  if (choice.cause)
    return Finish(as_sent, Refused(*choice.cause), *worlds_.Default(), journaled, start);
  Decision decision = Decide(asked, address, *choice.world);
  if (IsYetToCome(decision.response))
    return AnswerLater(as_sent, choice.world, std::move(decision));
  return Finish(as_sent, std::move(decision), *choice.world, journaled, start);
}

Response Emulator::AnswerLater(const Request& request, std::shared_ptr<World> world,
                               Decision decision) {
  std::function<Response()>& again = decision.response.sequel->again;
  again = [this, request, world = std::move(world), ask = std::move(again)] {
    const RealTime start = RealNow();
    Decision later = DecideControl(request, ask);
    if (IsYetToCome(later.response)) return AnswerLater(request, world, std::move(later));
    return Finish(request, std::move(later), *world, Journaled::kNo, start);
  };
  return std::move(decision.response);
}

Emulator::Choice Emulator::Choose(const Request& request, const Address& address) {
  switch (address.defect) {
    case Address::Defect::kBadName:
      return {nullptr, &causes::kSandboxNameInvalid};
    case Address::Defect::kTwoNames:
      return {nullptr, &causes::kTwoSandboxes};
    case Address::Defect::kNone:
      break;
  }
  if (address.sandbox.empty() || Control::IsOfAllWorlds(request.Path())) return {worlds_.Default()};
  auto world = worlds_.Sandbox(address.sandbox);
  if (!world) return {nullptr, &causes::kTooManySandboxes};
  return {std::move(world)};
}

Decision Emulator::Decide(const Request& request, const Address& address, World& world) {
  const auto root_url = [&] { return BaseUrl(settings_.public_url, request, ""); };
  if (Control::Owns(request.Path()))
    return DecideControl(request, [&] {
      return control_.Answer(request, address.sandbox, world,
                             BaseUrl(settings_.public_url, request, address.sandbox), root_url());
    });
  if (IdentityService::Owns(request.Path())) return identity_.Answer(request, world, root_url());
  Decision decision = service_.Answer(request, world);
  if (settings_.self_check) SelfCheck(Credentials(request.headers), decision);
  return decision;
}

void Emulator::SelfCheck(const Credentials& credentials, Decision& decision) {
  if (decision.fault > 0) return;  // it is as somebody wants it
  const std::string answer =
      std::string(decision.operation.empty() ? "what is no operation" : decision.operation) + " " +
      std::to_string(decision.response.status);
  for (std::string& violation : Violations(decision.operation, decision.response)) {
    credentials.BlackOut(violation.data(), violation.size());
    if (!decision.violations.empty()) decision.violations += '\n';
    decision.violations += violation;
    log_.Complain(answer + " is answered against its contract: " + violation);
  }
}

Decision Emulator::DecideControl(const Request& request, const std::function<Response()>& ask) {
  try {
    Response response = ask();
    const char* const reason = response.status < 400 ? "" : "control-refused";
    return {.response = std::move(response), .gate = Gate::kControl, .reason = reason};
  } catch (const std::exception& failure) {
    log_.Complain(request.method + " " + std::string(request.Path()) +
                  " failed: " + failure.what());
    return Refused(causes::kEmulatorFailed);
  }
}

Response Emulator::RefuseUnread(RequestDefect defect) {
  const Request unread{.method = "-", .target = "-"};
  return Finish(unread, Refused(CauseOf(defect)), *worlds_.Default(), Journaled::kYes, RealNow());
}

Response Emulator::Finish(const Request& request, Decision decision, World& world,
                          Journaled journaled, RealTime start) {
  const Time now = world.clock.Now();
  const auto duration = std::chrono::duration_cast<std::chrono::microseconds>(RealNow() - start);
  const Credentials credentials(request.headers);
  const std::string correlation_id = CorrelationIdFor(request, credentials);
  const uint64_t id =
      journaled == Journaled::kYes
          ? Journalize(request, decision, world, now, duration, correlation_id, credentials)
          : worlds_.journals().NextId();

  Headers& headers = decision.response.headers;
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
    if (!decision.reason.empty()) headers.Add("X-Emulator-Reason", std::string(decision.reason));
  }

  std::string_view target = request.target;
  std::string shown;
  if (credentials.AreIn(target)) {
    shown = target;
    credentials.BlackOut(shown.data(), shown.size());
    target = shown;
  }
  log_.Write({.time = now,
              .method = request.method,
              .target = target,
              .status = ToldStatus(decision.response),
              .gate = Name(decision.gate),
              .reason = decision.reason,
              .client = decision.client(),
              .user = decision.user(),
              .token = decision.token,
              .fault = decision.fault,
              .correlation_id = correlation_id,
              .duration = duration});
  return std::move(decision.response);
}

uint64_t Emulator::Journalize(const Request& request, const Decision& decision, World& world,
                              Time now, std::chrono::microseconds duration,
                              std::string_view correlation_id, const Credentials& credentials) {
  const Response& response = decision.response;
  JournalEntry entry{.time = now,
                     .real_time = SystemNow(),
                     .duration = duration,
                     .method = request.method,
                     .target = request.target,
                     .body = {request.body},
                     .correlation_id = correlation_id,
                     .operation = decision.operation,
                     .connection_id = decision.connection_id,
                     .gate = Name(decision.gate),
                     .reason = decision.reason,
                     .violations = decision.violations,
                     .client = decision.client(),
                     .user = decision.user(),
                     .token = decision.token,
                     .right_issuer = decision.issuer,
                     .was_metered = decision.admission.has_value(),
                     .admission = decision.admission.value_or(Admission{}),
                     .fault = decision.fault,
                     .status = ToldStatus(response),
                     .delivery = response.delivery,
                     .answer_body = {response.body}};
  if (const auto& shown = decision.shown_bodies) {
    entry.body = {shown->request};
    entry.answer_body = {shown->answer};
  }
  std::string scopes;
  if (const auto& row = decision.token_row) {
    scopes = Listed(row->token.scopes, " ");
    entry.is_token_known = true;
    entry.scopes = scopes;
    if (row->token.issuer) entry.issuer = *row->token.issuer;
    entry.not_before = row->not_before;
    entry.expires = row->expires;
  }
  return world.journal->Add(entry, request.headers, response.headers, credentials);
}

}  // namespace emulator
