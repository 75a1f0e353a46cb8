#include "api/service.h"

#include <exception>
#include <optional>

#include "api/unrouted.h"

namespace emulator {

namespace {

std::vector<Route> Routes() {
  std::vector<Route> routes;
  for (const Operation& operation : Operations()) routes.push_back(operation.route);
  return routes;
}

// [D] the header of a refusal at the limiter, and the vendor's two others whose values are known;
// what ITwinPlatform-RateLimited-API and -Operation hold is not [U], so they are left out.
Response RefuseUntil(std::chrono::seconds wait, const AccessToken& token) {
  Response response = Refuse(errors::kTooManyRequests);
  response.headers.Add("retry-after", std::to_string(wait.count()));
  response.headers.Add("ITwinPlatform-RateLimited-Tier", token.client().tier);
  response.headers.Add("ITwinPlatform-RateLimited-Application", token.client().id);
  return response;
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

Service::Service(TokenVerifier identity, std::function<void(const std::string&)> complain)
    : identity_(std::move(identity)), complain_(std::move(complain)), router_(Routes()) {}

Decision Service::Answer(const Request& request, World& world) const {
  try {
    return Decide(request, world);
  } catch (const std::exception& fault) {
    complain_(request.method + " " + std::string(request.Path()) + " failed: " + fault.what());
    return {Refuse(errors::kInternalServerError), Gate::kFault, "fault"};
  }
}

// Every gate, in order. House rule: a refusal is a value and leaves at once.
Decision Service::Decide(const Request& request, World& world) const {
  const Snapshot snapshot = world.Look();
  const RouteMatch match = router_.Find(request);
  if (auto answer = AnswerUnrouted(match))
    return {std::move(answer->response), Gate::kRoute, std::string(answer->reason)};
  const Operation& operation = Operations()[match.row];

  const Verdict verdict = identity_.Verify(request, snapshot);
  Decision decision{.client = verdict.client, .token = verdict.token_name};
  const auto decide = [&](Response response, Gate gate, std::string_view reason) {
    decision.response = std::move(response);
    decision.gate = gate;
    decision.reason = reason;
    return std::move(decision);
  };
  if (const auto* defect = std::get_if<TokenDefect>(&verdict.outcome))
    return decide(Refuse(RefusalFor(*defect)), Gate::kAuthenticate, Word(*defect));
  const auto& token = std::get<AccessToken>(verdict.outcome);
  if (token.user()) decision.user = *token.user();

  // [D] A missing scope is a 401 on the vendor's page, not a 403; [U] with which body.
  if (!token.GrantsAny(operation.scopes))
    return decide(Refuse(errors::kUnauthorized), Gate::kScope, "scope-missing");

  // [D] Clients are metered, by their subscription. [I] Only calls that may proceed count.
  const Client& client = token.client();
  if (const auto wait = world.limiter.Admit(client.id, world.LimitsOf(client), snapshot.now))
    return decide(RefuseUntil(*wait, token), Gate::kRateLimit, "rate-limited");

  Outcome outcome = operation.answer({token, match.parameters, snapshot});
  return decide(std::move(outcome.response), outcome.gate, outcome.reason);
}

}  // namespace emulator
