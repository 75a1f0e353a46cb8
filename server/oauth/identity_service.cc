#include "oauth/identity_service.h"

#include <nlohmann/json.hpp>
#include <vector>

#include "api/unmatched.h"
#include "base/text.h"

namespace emulator::oauth {

namespace {

// Bodies as the journal shows them, without secrets.
std::string RedactForm(const http::Request& request) {
  if (request.body.empty()) return {};
  return HasFormBody(request) ? http::RedactQuery("?" + request.body).substr(1) : "***";
}

std::string RedactAnswer(const std::string& body) {
  auto redacted = nlohmann::ordered_json::parse(body, nullptr, /*allow_exceptions=*/false);
  if (!redacted.is_object()) return body;
  for (const char* token : {"access_token", "refresh_token", "id_token"})
    if (redacted.contains(token)) redacted[token] = "***";
  return redacted.dump();
}

}  // namespace

api::HandlerResult RefuseForOAuth(const api::Reason& reason, std::string_view more) {
  return {RefuseByOAuth(*reason.error, more), &reason};
}

std::span<const IdentityRow> IdentityRows() {
  static const std::vector<IdentityRow> kRows{
      {"openid-configuration",
       {"GET", "/.well-known/openid-configuration"},
       "the endpoints and features of the identity service",
       GetMetadata},
      {"jwks",
       {"GET", "/.well-known/openid-configuration/jwks"},
       "the public key that signs its tokens",
       GetKeys},
      {"authorize", {"GET", "/connect/authorize"}, "log in as a user", Authorize},
      {"authorize", {"POST", "/connect/authorize"}, "log in as a user, by a form", Authorize},
      {"token", {"POST", "/connect/token"}, "get tokens for a client", IssueToken},
      {"revocation", {"POST", "/connect/revocation"}, "revoke a token", RevokeToken},
  };
  return kRows;
}

IdentityService::IdentityService(const tokens::Issuer& issuer, api::ErrorLog log_error)
    : issuer_(issuer), log_error_(std::move(log_error)), router_(http::RoutesOf(IdentityRows())) {}

bool IdentityService::Owns(std::string_view path) {
  const auto begins_with = [&](std::string_view prefix) {
    return EqualIgnoringCase(path.substr(0, prefix.size()), prefix);
  };
  return begins_with("/connect/") || begins_with("/.well-known/openid-configuration");
}

api::RequestRecord IdentityService::Answer(const http::Request& request, std::string_view path,
                                           world::World& world, const std::string& root_url) const {
  api::RequestRecord record = api::RunPipeline(
      [&](const world::Snapshot& snapshot, api::RequestRecord& decided) {
        RunGates(request, path, snapshot, root_url, decided);
      },
      request, world, log_error_);
  record.redacted_bodies = {RedactForm(request), RedactAnswer(record.response.body)};
  return record;
}

void IdentityService::RunGates(const http::Request& request, std::string_view path,
                               const world::Snapshot& snapshot, const std::string& root_url,
                               api::RequestRecord& record) const {
  const http::RouteMatch match = router_.Find(request.method, path);
  if (auto unmatched = api::AnswerUnmatched(match)) return record.Set(std::move(*unmatched));
  const IdentityRow& row = IdentityRows()[match.row];
  record.operation = row.name;
  record.gate = api::Gate::kIdentity;

  record.fault_hit = snapshot.world.faults.Match({.method = request.method,
                                                  .path = path,
                                                  .operation = row.name,
                                                  .connection_id = {},
                                                  .client = {}});
  if (auto planned = record.fault_hit ? record.fault_hit->Answer() : std::nullopt)
    return record.Set({std::move(*planned), &api::reasons::kFaultPlanned});

  record.Set(row.handler({request, snapshot, issuer_, root_url, record.principal}));
}

}  // namespace emulator::oauth
