#include "control/control.h"

#include <nlohmann/json.hpp>
#include <vector>

#include "api/operations.h"
#include "api/unmatched.h"
#include "base/digest.h"
#include "base/embedded.h"
#include "base/text.h"
#include "control/responses.h"
#include "oauth/identity_service.h"

namespace emulator::control {

namespace {

using nlohmann::ordered_json;

// Alive and ready are the same: the emulator loads its fixtures before it listens.
http::Response Alive(const ControlCall&) {
  return JsonTextResponse(R"({"status":"alive"})");
}
http::Response Ready(const ControlCall&) {
  return JsonTextResponse(R"({"status":"ready"})");
}
http::Response FixturesSchema(const ControlCall&) {
  return JsonTextResponse(std::string(embedded::kFixturesSchema));
}
http::Response ControlContract(const ControlCall&) {
  return JsonTextResponse(std::string(embedded::kControlApi));
}
http::Response ExportContract(const ControlCall&) {
  return JsonTextResponse(std::string(embedded::kExportApi));
}

// A public value, for callers that do not trust this server yet.
http::Response Ca(const ControlCall& call) {
  if (call.ca.empty())
    return api::Refuse(
        api::control_errors::kItemNotFound,
        {.message = "The emulator has no CA of its own; --tls self-signed makes one."});
  return {.headers = {{"Content-Type", "application/x-pem-file"}}, .body = call.ca};
}

ordered_json CallRow(const ControlCall& call, const http::Route& route, std::string_view meaning) {
  ordered_json row{{"method", route.method}, {"path", route.path}, {"meaning", meaning}};
  if (route.method == "GET" && route.path.find('{') == std::string_view::npos)
    row["url"] = call.base_url + std::string(route.path);
  return row;
}

http::Response Explain(const ControlCall& call) {
  ordered_json list;
  list["name"] = "Export Emulator";
  list["version"] = EMULATOR_VERSION;
  list["meaning"] =
      "A local stand-in for the iTwin Platform Export API. It is not the vendor's service.";
  if (!call.sandbox.empty()) list["sandbox"] = call.sandbox;
  for (const api::Operation& operation : api::Operations())
    list["operations"].push_back(CallRow(call, operation.route, operation.name));
  for (const oauth::IdentityRow& row : oauth::IdentityRows())
    list["identity"].push_back(CallRow(call, row.route, row.meaning));
  for (const ControlRow& row : ControlRows())
    if (call.is_open || row.is_probe)
      list["emulator"].push_back(CallRow(call, row.route, row.meaning));
  return JsonTextResponse(list.dump(2) + "\n");
}

bool HasPathPrefix(std::string_view path, std::string_view prefix) {
  return EqualIgnoringCase(path.substr(0, prefix.size()), prefix) &&
         (path.size() == prefix.size() || path[prefix.size()] == '/');
}

}  // namespace

std::span<const ControlRow> ControlRows() {
  constexpr auto kNoBody = ControlRow::kNoBody;
  constexpr auto kOwnText = ControlRow::kOwnText;
  constexpr bool kProbe = true;
  static const std::vector<ControlRow> kRows{
      {{"GET", "/"}, "list all calls", Explain, kNoBody, kProbe},
      {{"GET", "/_emulator"}, "list all calls", Explain},
      {{"GET", "/_emulator/livez"}, "check that the emulator runs", Alive, kNoBody, kProbe},
      {{"GET", "/_emulator/readyz"}, "check that it serves requests", Ready, kNoBody, kProbe},
      {{"GET", "/_emulator/openapi.json"},
       "get the control API as OpenAPI",
       ControlContract,
       kNoBody,
       kProbe},
      {{"GET", "/_emulator/export-api.openapi.json"},
       "get the contract: the vendor's API as OpenAPI",
       ExportContract,
       kNoBody,
       kProbe},
      {{"GET", "/_emulator/fixtures.schema.json"},
       "get the JSON Schema of fixture files",
       FixturesSchema,
       kNoBody,
       kProbe},
      {{"GET", "/_emulator/ca.pem"}, "get the CA to trust for HTTPS, as PEM", Ca, kNoBody, kProbe},

      {{"POST", "/_emulator/reset"}, "reset this world to its seed", ResetWorld},

      {{"GET", "/_emulator/fixtures"}, "get all fixtures as a fixture file", GetFixtures},
      {{"PUT", "/_emulator/fixtures"}, "replace all fixtures", ReplaceFixtures, kOwnText},
      {{"GET", "/_emulator/connections/{connectionId}"}, "get a connection", GetConnection},
      {{"PUT", "/_emulator/connections/{connectionId}"},
       "add or replace a connection",
       PutConnection,
       kOwnText},
      {{"DELETE", "/_emulator/connections/{connectionId}"},
       "delete a connection",
       DeleteConnection},
      {{"GET", "/_emulator/users/{userId}"}, "get a user", GetUser},
      {{"PUT", "/_emulator/users/{userId}"}, "add or replace a user", PutUser, kOwnText},
      {{"DELETE", "/_emulator/users/{userId}"}, "delete a user", DeleteUser},
      {{"GET", "/_emulator/clients/{clientId}"}, "get a client", GetClient},
      {{"PUT", "/_emulator/clients/{clientId}"}, "add or replace a client", PutClient, kOwnText},
      {{"DELETE", "/_emulator/clients/{clientId}"}, "delete a client", DeleteClient},
      {{"POST", "/_emulator/tokens"},
       "issue a token, valid or with a chosen defect",
       CreateToken,
       "TokenRequest"},
      {{"GET", "/_emulator/tokens/{name}"}, "get a token by its name", GetToken},
      {{"PUT", "/_emulator/tokens/{name}"}, "add or replace a token", PutToken, kOwnText},
      {{"DELETE", "/_emulator/tokens/{name}"}, "delete a token", DeleteToken},
      {{"GET", "/_emulator/runs/{runId}"}, "get a run", GetRun},
      {{"PUT", "/_emulator/runs/{runId}"}, "add or replace a run", PutRun, kOwnText},
      {{"DELETE", "/_emulator/runs/{runId}"}, "delete a run", DeleteRun},
      {{"POST", "/_emulator/runs/{runId}/finish"}, "complete a run now", FinishRun, "Finish"},
      {{"GET", "/_emulator/run-plans/{connectionId}"},
       "get the run plan of a connection, or of all (*)",
       GetRunPlan},
      {{"PUT", "/_emulator/run-plans/{connectionId}"},
       "add or replace a run plan",
       PutRunPlan,
       kOwnText},
      {{"DELETE", "/_emulator/run-plans/{connectionId}"}, "delete a run plan", DeleteRunPlan},

      {{"GET", "/_emulator/edition"}, "get the edition and the assumptions", GetEdition},
      {{"PUT", "/_emulator/edition"},
       "set the edition and the assumptions",
       SetEdition,
       "EditionSetting"},
      {{"DELETE", "/_emulator/edition"}, "go back to those set at the start", ResetEdition},

      {{"GET", "/_emulator/clock"}, "get the time of this world", GetClock},
      {{"PUT", "/_emulator/clock"}, "set or freeze the clock", SetClock, "ClockSetting"},
      {{"DELETE", "/_emulator/clock"}, "go back to real time", ReleaseClock},
      {{"POST", "/_emulator/clock/advance"}, "advance the clock", AdvanceClock, "ClockAdvance"},

      {{"GET", "/_emulator/rate-limit"}, "get the rate-limit state of all clients", GetRateLimits},
      {{"GET", "/_emulator/rate-limit/{clientId}"},
       "get the rate-limit state of a client",
       GetRateLimit},
      {{"PUT", "/_emulator/rate-limit/{clientId}"},
       "set the limits of a client",
       SetRateLimit,
       "RateLimitSetting"},
      {{"DELETE", "/_emulator/rate-limit/{clientId}"},
       "reset the counted calls of a client",
       ClearRateLimit},
      {{"POST", "/_emulator/rate-limit/{clientId}/exhaust"},
       "use up the limits: the client's next call is a 429",
       ExhaustRateLimit},

      {{"GET", "/_emulator/faults"}, "list the planned faults with their counts", ListFaults},
      {{"POST", "/_emulator/faults"}, "plan a fault", CreateFault, "Fault"},
      {{"DELETE", "/_emulator/faults"}, "delete all planned faults", ClearFaults},
      {{"GET", "/_emulator/faults/{faultId}"}, "get a planned fault", GetFault},
      {{"DELETE", "/_emulator/faults/{faultId}"}, "delete a planned fault", DeleteFault},

      {{"GET", "/_emulator/requests"},
       "list the journal: requests to the vendor's API and their answers",
       ListRequests,
       kNoBody,
       !kProbe,
       {"since", "limit", "status", "operation", "client", "reason"}},
      {{"DELETE", "/_emulator/requests"}, "empty the journal", ClearRequests},
      {{"GET", "/_emulator/requests/stream"},
       "stream new entries as server-sent events",
       StreamRequests,
       kNoBody,
       !kProbe,
       {"since", "status", "operation", "client", "reason"}},
      {{"GET", "/_emulator/requests/{requestId}"}, "get an entry of the journal", GetRequest},
      {{"GET", "/_emulator/requests/{requestId}/why"}, "explain an answer, gate by gate", GetWhy},

      {{"POST", "/_emulator/verify"}, "check claims about the journal", Verify, "Verifications"},
      {{"POST", "/_emulator/verify/wait"},
       "wait until the claims hold",
       AwaitVerification,
       "Verifications",
       !kProbe,
       {"timeoutMs"}},
      {{"GET", "/_emulator/retries"}, "get each client's retries after a 429 or 5xx", GetRetries},
      {{"GET", "/_emulator/coverage"},
       "get the documented outcomes that clients received",
       GetCoverage},

      {{"GET", "/_emulator/sandboxes"}, "list the sandboxes", ListSandboxes},
      {{"GET", "/_emulator/sandboxes/{sandbox}"}, "get a sandbox", GetSandbox},
      {{"PUT", "/_emulator/sandboxes/{sandbox}"},
       "create or replace a sandbox",
       CreateSandbox,
       "SandboxSetting"},
      {{"DELETE", "/_emulator/sandboxes/{sandbox}"}, "delete a sandbox", DeleteSandbox},
  };
  return kRows;
}

Control::Control(world::WorldRegistry& worlds, const tokens::Issuer& issuer, ControlAccess access,
                 std::string ca)
    : worlds_(worlds),
      issuer_(issuer),
      access_(std::move(access)),
      ca_(std::move(ca)),
      router_(http::RoutesOf(ControlRows())) {}

bool Control::Owns(std::string_view path) {
  return path == "/" || HasPathPrefix(path, "/_emulator");
}

bool Control::IsOfAllWorlds(std::string_view path) {
  return HasPathPrefix(path, "/_emulator/sandboxes");
}

std::optional<http::Response> Control::RefuseCaller(const http::Request& request) const {
  switch (access_.mode) {
    case ControlAccess::Mode::kOpen:
      return std::nullopt;
    case ControlAccess::Mode::kOff:
      return api::Refuse(api::errors::kRouteNotFound);
    case ControlAccess::Mode::kForbidden:
      return api::Refuse(api::control_errors::kControlForbidden);
    case ControlAccess::Mode::kToken:
      break;
  }
  constexpr std::string_view kScheme = "Bearer ";
  const std::string* sent = request.headers.Find("Authorization");
  if (sent && EqualIgnoringCase(sent->substr(0, kScheme.size()), kScheme) &&
      ConstantTimeEquals(sent->substr(kScheme.size()), access_.token))
    return std::nullopt;
  http::Response response = api::Refuse(api::control_errors::kControlTokenMissing);
  response.headers.Add("WWW-Authenticate", "Bearer");
  return response;
}

http::Response Control::Answer(const http::Request& request, std::string_view path,
                               const std::string& sandbox, world::World& world,
                               const std::string& base_url, const std::string& root_url) const {
  const http::RouteMatch match = router_.Find(request.method, path);
  const bool is_found = match.outcome == http::RouteMatch::Outcome::kFound;
  const ControlRow* row = is_found ? &ControlRows()[match.row] : nullptr;
  if (!row || !row->is_probe)
    if (auto refusal = RefuseCaller(request)) return std::move(*refusal);
  if (auto answer = api::AnswerUnmatched(match)) return std::move(answer->response);

  nlohmann::json body;
  if (row->body == ControlRow::kNoBody) {
    if (auto refusal = RefuseBody(request)) return std::move(*refusal);
  } else if (row->body != ControlRow::kOwnText) {
    auto read = ReadBody(request, row->body);
    if (auto* refusal = std::get_if<http::Response>(&read)) return std::move(*refusal);
    body = std::move(std::get<nlohmann::json>(read));
  }
  std::variant<Query, http::Response> query;
  if (!row->is_probe) query = ReadQuery(request, row->query);
  if (auto* refusal = std::get_if<http::Response>(&query)) return std::move(*refusal);
  const bool is_open =
      access_.mode == ControlAccess::Mode::kOpen || access_.mode == ControlAccess::Mode::kToken;
  return row->handler({request, match.parameters, std::get<Query>(query), body, sandbox, base_url,
                       root_url, ca_, is_open, world, worlds_, issuer_});
}

}  // namespace emulator::control
