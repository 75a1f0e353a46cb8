#include "api/service.h"

#include <exception>
#include <optional>

#include "api/prefer.h"
#include "api/unrouted.h"

namespace emulator {

namespace {

std::vector<Route> Routes() {
  std::vector<Route> routes;
  for (const Operation& operation : Operations()) routes.push_back(operation.route);
  return routes;
}

// REQUIRES: a match that found nothing, of a request for which there is an operation not yet
// emulated.
Response RefuseNotYet(const RouteMatch& match) {
  if (match.outcome == RouteMatch::Outcome::kUnknownPath) return Refuse(errors::kRouteNotYet);
  Response response = Refuse(errors::kMethodNotYet);
  response.headers.Add("Allow", match.allow);
  return response;
}

// [D] what a 429 tells of its client, as far as the values are known; what
// ITwinPlatform-RateLimited-API and -Operation hold is not [U], so they are left out. `token` may
// be nullptr: of an unknown client nothing is told.
Response TellClient(Response response, const AccessToken* token) {
  if (response.status != 429 || !token) return response;
  const auto tell = [&](const char* name, const std::string& value) {
    if (!response.headers.Find(name)) response.headers.Add(name, value);
  };
  tell("ITwinPlatform-RateLimited-Tier", token->client().tier);
  tell("ITwinPlatform-RateLimited-Application", token->client().id);
  return response;
}

// [D] the header of a refusal at the limiter.
Response RefuseUntil(std::chrono::seconds wait, const AccessToken& token) {
  Response response = Refuse(errors::kTooManyRequests);
  response.headers.Add("retry-after", std::to_string(wait.count()));
  return TellClient(std::move(response), &token);
}

// Empty for an operation that is about none.
std::string_view ConnectionIdOf(const Operation& operation, const RouteMatch& match) {
  if (operation.route.path.find("{connectionId}") == std::string_view::npos) return {};
  return match.parameters["connectionId"];
}

const Refusal& RefusalFor(TokenDefect defect) {
  switch (defect) {
    // Only an absent header is a header not found [D]; an empty one is a bad token.
    case TokenDefect::kHeaderMissing:
      return errors::kHeaderNotFound;
    case TokenDefect::kUnknownClient:
      return errors::kUnknownClient;
    default:
      return errors::kUnauthorized;
  }
}

}  // namespace

Service::Service(TokenVerifier identity, std::function<void(const std::string&)> complain,
                 bool honours_prefer)
    : identity_(std::move(identity)),
      complain_(std::move(complain)),
      honours_prefer_(honours_prefer),
      router_(Routes()),
      not_yet_(NotYetEmulated()) {}

Decision Service::Answer(const Request& request, World& world) const {
  try {
    return Decide(request, world);
  } catch (const std::exception& failure) {
    complain_(request.method + " " + std::string(request.Path()) + " failed: " + failure.what());
    return {Refuse(errors::kInternalServerError), Gate::kFailure, "emulator-failed"};
  }
}

// Every gate, in order. House rule: a refusal is a value and leaves at once.
Decision Service::Decide(const Request& request, World& world) const {
  const Snapshot snapshot = world.Look();
  const RouteMatch match = router_.Find(request);
  if (auto answer = AnswerUnrouted(match)) {
    if (not_yet_.Find(request).outcome == RouteMatch::Outcome::kFound)
      return {RefuseNotYet(match), Gate::kRoute, "operation-not-emulated"};
    return {std::move(answer->response), Gate::kRoute, std::string(answer->reason)};
  }
  const Operation& operation = Operations()[match.row];

  // Pure, and refused further down: a planned fault may be for one client.
  const Verdict verdict = identity_.Verify(request, snapshot);
  const auto* token = std::get_if<AccessToken>(&verdict.outcome);
  Decision decision{.client = verdict.client, .token = verdict.token_name};
  if (token && token->user()) decision.user = *token->user();
  std::optional<Struck> struck;
  const auto decide = [&](Response response, Gate gate, std::string_view reason) {
    decision.response = std::move(response);
    decision.gate = gate;
    decision.reason = reason;
    if (struck) {
      decision.fault = struck->id;
      if (decision.reason.empty()) decision.reason = "fault-planned";
      Decorate(decision.response, *struck, snapshot.now);
    }
    return std::move(decision);
  };

  // Beside the vendor's gates, and not metered. What a request asks for itself goes before a plan.
  if (honours_prefer_)
    if (auto asked = AnswerPreference(request, operation))
      return decide(TellClient(std::move(asked->response), token), asked->gate, asked->reason);
  struck = world.faults.Strike({.method = request.method,
                                .path = request.Path(),
                                .operation = operation.name,
                                .connection_id = ConnectionIdOf(operation, match),
                                .client = verdict.client});
  if (auto answer = struck ? struck->Answer() : std::nullopt)
    return decide(TellClient(std::move(*answer), token), Gate::kPlanned, "fault-planned");

  if (const auto* defect = std::get_if<TokenDefect>(&verdict.outcome))
    return decide(Refuse(RefusalFor(*defect)), Gate::kAuthenticate, Word(*defect));

  // [D] A missing scope is a 401 on the vendor's page, not a 403; [U] with which body.
  if (!token->GrantsAny(operation.scopes))
    return decide(Refuse(errors::kUnauthorized), Gate::kScope, "scope-missing");

  // [D] Clients are metered, by their subscription. [I] Only calls that may proceed count.
  const Client& client = token->client();
  if (const auto wait = world.limiter.Admit(client.id, world.LimitsOf(client), snapshot.now))
    return decide(RefuseUntil(*wait, *token), Gate::kRateLimit, "rate-limited");

  Outcome outcome = operation.answer({*token, match.parameters, snapshot});
  return decide(std::move(outcome.response), outcome.gate, outcome.reason);
}

}  // namespace emulator
