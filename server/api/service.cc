#include "api/service.h"

#include <exception>
#include <optional>

#include "api/prefer.h"
#include "api/unrouted.h"

namespace emulator {

namespace {

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

// [D] the header of a refusal at the limiter, whose table gives it no meaning: a reading leaves it
// out.
Outcome RefuseUntil(std::chrono::seconds wait, const Operation& operation, const AccessToken& token,
                    const Rendition& rendition) {
  const Cause& cause = causes::kRateLimited;
  Response response = Refuse(operation.In(rendition.edition, *cause.refusal));
  if (!rendition.no_retry_after) response.headers.Add("retry-after", std::to_string(wait.count()));
  return {TellClient(std::move(response), &token), &cause};
}

// Empty for an operation that is about none.
std::string_view ConnectionIdOf(const Operation& operation, const RouteMatch& match) {
  if (operation.route.path.find("{connectionId}") == std::string_view::npos) return {};
  return match.parameters["connectionId"];
}

}  // namespace

Service::Service(TokenVerifier identity, std::function<void(const std::string&)> complain,
                 Settings settings)
    : identity_(identity),
      complain_(std::move(complain)),
      settings_(std::move(settings)),
      router_(RoutesOf(Operations())) {}

Decision DecideBy(const Decider& decide, const Request& request, World& world, Gate of_success,
                  const std::function<void(const std::string&)>& complain) {
  Decision decision;
  const auto conclude = [&](Outcome outcome) {
    decision.response = std::move(outcome.response);
    decision.gate = outcome.cause                ? outcome.cause->gate
                    : decision.operation.empty() ? Gate::kRoute
                                                 : of_success;
    decision.reason = outcome.cause ? outcome.cause->word : std::string_view();
  };
  try {
    const Snapshot snapshot = world.Look();
    std::optional<Struck> struck;
    conclude(decide(snapshot, decision, struck));
    if (struck) {
      decision.fault = struck->id;
      if (decision.reason.empty()) decision.reason = causes::kFaultPlanned.word;
      Decorate(decision.response, *struck, snapshot.now);
    }
  } catch (const std::exception& failure) {
    complain(request.method + " " + std::string(request.Path()) + " failed: " + failure.what());
    conclude(RefuseFor(causes::kEmulatorFailed));
  }
  return decision;
}

Decision Service::Answer(const Request& request, World& world) const {
  return DecideBy(
      [&](const Snapshot& snapshot, Decision& decision, std::optional<Struck>& struck) {
        return Decide(request, snapshot, decision, struck);
      },
      request, world, Gate::kRender, complain_);
}

// Every gate, in order. House rule: a refusal is a value and leaves at once.
Outcome Service::Decide(const Request& request, const Snapshot& snapshot, Decision& decision,
                        std::optional<Struck>& struck) const {
  World& world = snapshot.world;
  const RouteMatch match = router_.Find(request);
  if (auto unrouted = AnswerUnrouted(match)) return std::move(*unrouted);
  const Operation& operation = Operations()[match.row];
  decision.operation = operation.name;
  decision.connection_id = ConnectionIdOf(operation, match);

  // Pure, and refused further down: a planned fault may be for one client.
  Verdict verdict = identity_.Verify(request, snapshot);
  const auto* token = std::get_if<AccessToken>(&verdict.outcome);
  decision.token = verdict.token_name;
  decision.token_row = verdict.row;
  decision.issuer = std::move(verdict.issuer);

  // Beside the vendor's gates, and not metered. What a request asks for itself goes before a plan.
  if (settings_.honours_prefer)
    if (auto asked = AnswerPreference(request, operation, snapshot.rendition))
      return {TellClient(std::move(asked->response), token), asked->cause};
  struck = world.faults.Strike({.method = request.method,
                                .path = request.Path(),
                                .operation = operation.name,
                                .connection_id = decision.connection_id,
                                .client = verdict.client()});
  if (auto answer = struck ? struck->Answer() : std::nullopt)
    return {TellClient(std::move(*answer), token), &causes::kFaultPlanned};

  if (const auto* defect = std::get_if<TokenDefect>(&verdict.outcome))
    return RefuseFor(CauseOf(*defect));

  // [D] A missing scope is a 401 on the vendor's page, not a 403; [U] with which body.
  if (!token->GrantsAny(operation.ScopesIn(snapshot.rendition.edition)))
    return RefuseFor(causes::kScopeMissing);

  // [D] Clients are metered, by their subscription. [I] Only calls that may proceed count.
  const Client& client = token->client();
  decision.admission = world.limiter.Admit(client.id, world.LimitsOf(client), world.clock);
  if (const auto wait = decision.admission->wait)
    return RefuseUntil(*wait, operation, *token, snapshot.rendition);

  return operation.answer({*token, match.parameters, snapshot, request, settings_.public_url});
}

}  // namespace emulator
