#include "oauth/identity_service.h"

#include <nlohmann/json.hpp>
#include <vector>

#include "api/unrouted.h"

namespace emulator {

namespace {

// What the journal shows of bodies that hold secrets.
std::string ShownForm(const Request& request) {
  if (request.body.empty()) return {};
  return HasFormBody(request) ? WithoutSecrets("?" + request.body).substr(1) : "***";
}

std::string ShownAnswer(const std::string& body) {
  auto shown = nlohmann::ordered_json::parse(body, nullptr, /*allow_exceptions=*/false);
  if (!shown.is_object()) return body;
  for (const char* token : {"access_token", "refresh_token", "id_token"})
    if (shown.contains(token)) shown[token] = "***";
  return shown.dump();
}

}  // namespace

Outcome RefuseForOAuth(const Cause& cause, std::string_view more) {
  return {RefuseByOAuth(*cause.refusal, more), &cause};
}

std::span<const IdentityRow> IdentityRows() {
  static const std::vector<IdentityRow> kRows{
      {"openid-configuration",
       {"GET", "/.well-known/openid-configuration"},
       "what the identity service can, and where",
       TellMetadata},
      {"jwks",
       {"GET", "/.well-known/openid-configuration/jwks"},
       "the key that its tokens are signed with",
       TellKeys},
      {"authorize", {"GET", "/connect/authorize"}, "a user logs in", Authorize},
      {"authorize", {"POST", "/connect/authorize"}, "the same, asked by a form", Authorize},
      {"token", {"POST", "/connect/token"}, "a client gets its tokens", GiveToken},
      {"revocation", {"POST", "/connect/revocation"}, "a client takes one back", RevokeToken},
  };
  return kRows;
}

IdentityService::IdentityService(const Issuer& issuer,
                                 std::function<void(const std::string&)> complain)
    : issuer_(issuer), complain_(std::move(complain)), router_(RoutesOf(IdentityRows())) {}

bool IdentityService::Owns(std::string_view path) {
  const auto begins_with = [&](std::string_view prefix) {
    return EqualIgnoringCase(path.substr(0, prefix.size()), prefix);
  };
  return begins_with("/connect/") || begins_with("/.well-known/openid-configuration");
}

Decision IdentityService::Answer(const Request& request, World& world,
                                 const std::string& root_url) const {
  Decision decision = DecideBy(
      [&](const Snapshot& snapshot, Decision& decided, std::optional<Struck>& struck) {
        return Decide(request, snapshot, root_url, decided, struck);
      },
      request, world, Gate::kIdentity, complain_);
  decision.shown_bodies = {ShownForm(request), ShownAnswer(decision.response.body)};
  return decision;
}

Outcome IdentityService::Decide(const Request& request, const Snapshot& snapshot,
                                const std::string& root_url, Decision& decision,
                                std::optional<Struck>& struck) const {
  const RouteMatch match = router_.Find(request);
  if (auto unrouted = AnswerUnrouted(match)) return std::move(*unrouted);
  const IdentityRow& row = IdentityRows()[match.row];
  decision.operation = row.name;

  struck = snapshot.world.faults.Strike({.method = request.method,
                                         .path = request.Path(),
                                         .operation = row.name,
                                         .connection_id = {},
                                         .client = {}});
  if (auto answer = struck ? struck->Answer() : std::nullopt)
    return {std::move(*answer), &causes::kFaultPlanned};

  return row.answer({request, snapshot, issuer_, root_url, decision.concerned});
}

}  // namespace emulator
