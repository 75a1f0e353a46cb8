#include "api/service.h"

#include <exception>
#include <optional>

#include "api/prefer.h"
#include "api/unmatched.h"

namespace emulator::api {

namespace {

// [D] A 429 names its client. The values of ITwinPlatform-RateLimited-API and -Operation are
// unknown [U], so these headers are omitted, as are all of them when the client is unknown.
http::Response AddClientHeaders(http::Response response, const tokens::AccessToken* token) {
  if (response.status != 429 || !token) return response;
  const auto add = [&](const char* name, const std::string& value) {
    if (!response.headers.Find(name)) response.headers.Add(name, value);
  };
  add("ITwinPlatform-RateLimited-Tier", token->client().tier);
  add("ITwinPlatform-RateLimited-Application", token->client().id);
  return response;
}

// [D] The page lists the header retry-after, but its table gives the header no meaning. The
// assumption `no-retry-after` omits it.
HandlerResult RefuseUntil(std::chrono::seconds wait, const Operation& operation,
                          const tokens::AccessToken& token, const world::ApiProfile& profile) {
  const Reason& reason = reasons::kRateLimited;
  http::Response response = Refuse(operation.In(profile.edition, *reason.error));
  if (!profile.no_retry_after) response.headers.Add("retry-after", std::to_string(wait.count()));
  return {AddClientHeaders(std::move(response), &token), &reason};
}

// Empty when the operation's path has no connection.
std::string_view ConnectionIdOf(const Operation& operation, const http::RouteMatch& match) {
  if (operation.route.path.find("{connectionId}") == std::string_view::npos) return {};
  return match.parameters["connectionId"];
}

}  // namespace

void RequestRecord::Set(HandlerResult result) {
  response = std::move(result.response);
  if (!result.reason) return;
  gate = result.reason->gate;
  reason = result.reason->code;
}

RequestRecord RunPipeline(const GatePipeline& gates, const http::Request& request,
                          world::World& world, const ErrorLog& log_error) {
  RequestRecord record;
  try {
    const world::Snapshot snapshot = world.TakeSnapshot();
    gates(snapshot, record);
    if (record.fault_hit) {
      record.fault = record.fault_hit->id;
      if (record.reason.empty()) record.reason = reasons::kFaultPlanned.code;
      world::ApplyFault(record.response, *record.fault_hit, snapshot.now);
    }
  } catch (const std::exception& failure) {
    log_error(request.method + " " + std::string(request.Path()) + " failed: " + failure.what());
    record.Refuse(reasons::kEmulatorFailed);
  }
  return record;
}

Service::Service(tokens::TokenVerifier verifier, ErrorLog log_error, Settings settings)
    : verifier_(verifier),
      log_error_(std::move(log_error)),
      settings_(std::move(settings)),
      router_(http::RoutesOf(Operations())) {}

RequestRecord Service::Answer(const http::Request& request, std::string_view path,
                              world::World& world) const {
  return RunPipeline([&](const world::Snapshot& snapshot,
                         RequestRecord& record) { RunGates(request, path, snapshot, record); },
                     request, world, log_error_);
}

// Every gate, in order. A refusal is a value, and the first one ends the request.
void Service::RunGates(const http::Request& request, std::string_view path,
                       const world::Snapshot& snapshot, RequestRecord& record) const {
  world::World& world = snapshot.world;
  const http::RouteMatch match = router_.Find(request.method, path);
  if (auto unmatched = AnswerUnmatched(match)) return record.Set(std::move(*unmatched));
  const Operation& operation = Operations()[match.row];
  record.operation = operation.name;
  record.connection_id = ConnectionIdOf(operation, match);
  record.gate = Gate::kRender;  // unless a refusal changes it

  // Verified here because a fault may name a client. A rejection is answered after the faults.
  tokens::Verdict verdict = verifier_.Verify(request, snapshot);
  const auto* token = std::get_if<tokens::AccessToken>(&verdict.outcome);
  record.token = verdict.token_name;
  record.resolved_token = verdict.row;
  record.issuer = std::move(verdict.issuer);

  // Prefer and planned faults are the emulator's own gates and are not metered. Prefer wins.
  if (settings_.honours_prefer)
    if (auto preferred = AnswerPreference(request, operation, snapshot.profile))
      return record.Set(
          {AddClientHeaders(std::move(preferred->response), token), preferred->reason});
  record.fault_hit = world.faults.Match({.method = request.method,
                                         .path = path,
                                         .operation = operation.name,
                                         .connection_id = record.connection_id,
                                         .client = verdict.client()});
  if (auto planned = record.fault_hit ? record.fault_hit->Answer() : std::nullopt)
    return record.Set({AddClientHeaders(std::move(*planned), token), &reasons::kFaultPlanned});

  if (const auto* rejection = std::get_if<tokens::TokenRejection>(&verdict.outcome))
    return record.Refuse(ReasonFor(*rejection));

  // [D] On the vendor's page a missing scope is a 401, not a 403; its body is unknown [U].
  if (!token->GrantsAny(operation.ScopesIn(snapshot.profile.edition)))
    return record.Refuse(reasons::kScopeMissing);

  // [D] Clients are metered by their subscription. [I] Only calls that pass the gates above count.
  const fixtures::Client& client = token->client();
  record.admission = world.limiter.Admit(client.id, world.LimitsOf(client), world.clock);
  if (const auto wait = record.admission->wait)
    return record.Set(RefuseUntil(*wait, operation, *token, snapshot.profile));

  // The gates from content to conflict belong to the operation.
  record.Set(
      operation.handler({*token, match.parameters, snapshot, request, settings_.public_url}));
}

}  // namespace emulator::api
