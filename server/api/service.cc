#include "api/service.h"

#include <exception>
#include <optional>

#include "api/prefer.h"
#include "api/unmatched.h"

namespace emulator::api {

namespace {

// [D] what a 429 tells of its client, as far as the values are known; what
// ITwinPlatform-RateLimited-API and -Operation hold is not [U], so they are left out. `token` may
// be nullptr: of an unknown client nothing is told.
http::Response AddClientHeaders(http::Response response, const tokens::AccessToken* token) {
  if (response.status != 429 || !token) return response;
  const auto tell = [&](const char* name, const std::string& value) {
    if (!response.headers.Find(name)) response.headers.Add(name, value);
  };
  tell("ITwinPlatform-RateLimited-Tier", token->client().tier);
  tell("ITwinPlatform-RateLimited-Application", token->client().id);
  return response;
}

// [D] the header of a refusal at the limiter, whose table gives it no meaning: a reading leaves it
// out.
HandlerResult RefuseUntil(std::chrono::seconds wait, const Operation& operation,
                          const tokens::AccessToken& token, const world::ApiProfile& profile) {
  const Reason& reason = reasons::kRateLimited;
  http::Response response = Refuse(operation.In(profile.edition, *reason.error));
  if (!profile.no_retry_after) response.headers.Add("retry-after", std::to_string(wait.count()));
  return {AddClientHeaders(std::move(response), &token), &reason};
}

// Empty for an operation that is about none.
std::string_view ConnectionIdOf(const Operation& operation, const http::RouteMatch& match) {
  if (operation.route.path.find("{connectionId}") == std::string_view::npos) return {};
  return match.parameters["connectionId"];
}

}  // namespace

Service::Service(tokens::TokenVerifier identity, std::function<void(const std::string&)> log_error,
                 Settings settings)
    : identity_(identity),
      log_error_(std::move(log_error)),
      settings_(std::move(settings)),
      router_(http::RoutesOf(Operations())) {}

RequestRecord RunPipeline(const GatePipeline& decide, const http::Request& request,
                          world::World& world, Gate of_success,
                          const std::function<void(const std::string&)>& log_error) {
  RequestRecord record;
  const auto conclude = [&](HandlerResult outcome) {
    record.response = std::move(outcome.response);
    record.gate = outcome.reason             ? outcome.reason->gate
                  : record.operation.empty() ? Gate::kRoute
                                             : of_success;
    record.reason = outcome.reason ? outcome.reason->code : std::string_view();
  };
  try {
    const world::Snapshot snapshot = world.TakeSnapshot();
    std::optional<world::FaultHit> hit;
    conclude(decide(snapshot, record, hit));
    if (hit) {
      record.fault = hit->id;
      if (record.reason.empty()) record.reason = reasons::kFaultPlanned.code;
      world::ApplyFault(record.response, *hit, snapshot.now);
    }
  } catch (const std::exception& failure) {
    log_error(request.method + " " + std::string(request.Path()) + " failed: " + failure.what());
    conclude(Deny(reasons::kEmulatorFailed));
  }
  return record;
}

RequestRecord Service::Answer(const http::Request& request, world::World& world) const {
  return RunPipeline(
      [&](const world::Snapshot& snapshot, RequestRecord& record,
          std::optional<world::FaultHit>& hit) { return Decide(request, snapshot, record, hit); },
      request, world, Gate::kRender, log_error_);
}

// Every gate, in order. House rule: a refusal is a value and leaves at once.
HandlerResult Service::Decide(const http::Request& request, const world::Snapshot& snapshot,
                              RequestRecord& record, std::optional<world::FaultHit>& hit) const {
  world::World& world = snapshot.world;
  const http::RouteMatch match = router_.Find(request);
  if (auto unmatched = AnswerUnmatched(match)) return std::move(*unmatched);
  const Operation& operation = Operations()[match.row];
  record.operation = operation.name;
  record.connection_id = ConnectionIdOf(operation, match);

  // Pure, and refused further down: a planned fault may be for one client.
  tokens::Verdict verdict = identity_.Verify(request, snapshot);
  const auto* token = std::get_if<tokens::AccessToken>(&verdict.outcome);
  record.token = verdict.token_name;
  record.resolved_token = verdict.row;
  record.issuer = std::move(verdict.issuer);

  // Beside the vendor's gates, and not metered. What a request asks for itself goes before a plan.
  if (settings_.honours_prefer)
    if (auto asked = AnswerPreference(request, operation, snapshot.profile))
      return {AddClientHeaders(std::move(asked->response), token), asked->reason};
  hit = world.faults.Match({.method = request.method,
                            .path = request.Path(),
                            .operation = operation.name,
                            .connection_id = record.connection_id,
                            .client = verdict.client()});
  if (auto answer = hit ? hit->Answer() : std::nullopt)
    return {AddClientHeaders(std::move(*answer), token), &reasons::kFaultPlanned};

  if (const auto* defect = std::get_if<tokens::TokenRejection>(&verdict.outcome))
    return Deny(ReasonFor(*defect));

  // [D] A missing scope is a 401 on the vendor's page, not a 403; [U] with which body.
  if (!token->GrantsAny(operation.ScopesIn(snapshot.profile.edition)))
    return Deny(reasons::kScopeMissing);

  // [D] Clients are metered, by their subscription. [I] Only calls that may proceed count.
  const fixtures::Client& client = token->client();
  record.admission = world.limiter.Admit(client.id, world.LimitsOf(client), world.clock);
  if (const auto wait = record.admission->wait)
    return RefuseUntil(*wait, operation, *token, snapshot.profile);

  return operation.handler({*token, match.parameters, snapshot, request, settings_.public_url});
}

}  // namespace emulator::api
