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

// Alive: the program answers. Ready: it serves requests, which it does from its first answer on,
// because it does not listen before its fixtures are loaded.
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

// Public, and wanted by who does not trust this server yet.
http::Response Ca(const ControlCall& call) {
  if (call.ca.empty())
    return api::Refuse(
        api::control_errors::kItemNotFound,
        {.message = "There is no CA of the emulator's; --tls self-signed makes one."});
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

bool IsWithin(std::string_view path, std::string_view prefix) {
  return EqualIgnoringCase(path.substr(0, prefix.size()), prefix) &&
         (path.size() == prefix.size() || path[prefix.size()] == '/');
}

}  // namespace

std::span<const ControlRow> ControlRows() {
  constexpr auto kNoBody = ControlRow::kNoBody;
  constexpr auto kOwnText = ControlRow::kOwnText;
  constexpr bool kProbe = true;
  static const std::vector<ControlRow> kRows{
      {{"GET", "/"}, "this list", Explain, kNoBody, kProbe},
      {{"GET", "/_emulator"}, "this list", Explain},
      {{"GET", "/_emulator/livez"}, "is the emulator alive", Alive, kNoBody, kProbe},
      {{"GET", "/_emulator/readyz"}, "does it serve", Ready, kNoBody, kProbe},
      {{"GET", "/_emulator/openapi.json"},
       "these calls, as OpenAPI",
       ControlContract,
       kNoBody,
       kProbe},
      {{"GET", "/_emulator/export-api.openapi.json"},
       "the vendor's API, as OpenAPI: the contract of every answer",
       ExportContract,
       kNoBody,
       kProbe},
      {{"GET", "/_emulator/fixtures.schema.json"},
       "the JSON Schema of fixture files",
       FixturesSchema,
       kNoBody,
       kProbe},
      {{"GET", "/_emulator/ca.pem"}, "the CA to trust for HTTPS, as PEM", Ca, kNoBody, kProbe},

      {{"POST", "/_emulator/reset"}, "back to the seed: all of this World", ResetWorld},

      {{"GET", "/_emulator/fixtures"}, "all fixtures, as a fixture file", GetFixtures},
      {{"PUT", "/_emulator/fixtures"}, "other fixtures", ReplaceFixtures, kOwnText},
      {{"GET", "/_emulator/connections/{connectionId}"}, "one connection", GetConnection},
      {{"PUT", "/_emulator/connections/{connectionId}"},
       "add or replace it",
       PutConnection,
       kOwnText},
      {{"DELETE", "/_emulator/connections/{connectionId}"}, "take it away", DeleteConnection},
      {{"GET", "/_emulator/users/{userId}"}, "one user", GetUser},
      {{"PUT", "/_emulator/users/{userId}"}, "add or replace it", PutUser, kOwnText},
      {{"DELETE", "/_emulator/users/{userId}"}, "take it away", DeleteUser},
      {{"GET", "/_emulator/clients/{clientId}"}, "one client", AddClientHeaders},
      {{"PUT", "/_emulator/clients/{clientId}"}, "add or replace it", PutClient, kOwnText},
      {{"DELETE", "/_emulator/clients/{clientId}"}, "take it away", DeleteClient},
      {{"POST", "/_emulator/tokens"},
       "a token as the identity service makes them, or broken on purpose",
       CreateToken,
       "TokenOrder"},
      {{"GET", "/_emulator/tokens/{name}"}, "one token, by its name", GetToken},
      {{"PUT", "/_emulator/tokens/{name}"}, "add or replace it", PutToken, kOwnText},
      {{"DELETE", "/_emulator/tokens/{name}"}, "take it away", DeleteToken},
      {{"GET", "/_emulator/runs/{runId}"}, "one run", GetRun},
      {{"PUT", "/_emulator/runs/{runId}"}, "add or replace it", PutRun, kOwnText},
      {{"DELETE", "/_emulator/runs/{runId}"}, "take it away", DeleteRun},
      {{"POST", "/_emulator/runs/{runId}/finish"}, "let it be completed now", FinishRun, "Finish"},
      {{"GET", "/_emulator/run-plans/{connectionId}"},
       "how runs go that clients start: of one connection, or of all (*)",
       GetRunPlan},
      {{"PUT", "/_emulator/run-plans/{connectionId}"}, "add or replace it", PutRunPlan, kOwnText},
      {{"DELETE", "/_emulator/run-plans/{connectionId}"}, "take it away", DeleteRunPlan},

      {{"GET", "/_emulator/edition"}, "which of the vendor's pages the World follows", GetEdition},
      {{"PUT", "/_emulator/edition"}, "let it follow others", SetEdition, "EditionSetting"},
      {{"DELETE", "/_emulator/edition"}, "back to those of the start", ResetEdition},

      {{"GET", "/_emulator/clock"}, "the World's time", GetClock},
      {{"PUT", "/_emulator/clock"}, "set it, freeze it", SetClock, "ClockSetting"},
      {{"DELETE", "/_emulator/clock"}, "back to real time", ReleaseClock},
      {{"POST", "/_emulator/clock/advance"}, "move it on", AdvanceClock, "ClockAdvance"},

      {{"GET", "/_emulator/rate-limit"}, "the ledger of every client", GetRateLimits},
      {{"GET", "/_emulator/rate-limit/{clientId}"}, "the ledger of one", GetRateLimit},
      {{"PUT", "/_emulator/rate-limit/{clientId}"},
       "limit it otherwise",
       SetRateLimit,
       "RateLimitSetting"},
      {{"DELETE", "/_emulator/rate-limit/{clientId}"}, "forget what it used", ClearRateLimit},
      {{"POST", "/_emulator/rate-limit/{clientId}/exhaust"},
       "its next call is a 429",
       ExhaustRateLimit},

      {{"GET", "/_emulator/faults"}, "the planned faults, and how often each struck", ListFaults},
      {{"POST", "/_emulator/faults"}, "plan one", CreateFault, "Fault"},
      {{"DELETE", "/_emulator/faults"}, "none any more", ClearFaults},
      {{"GET", "/_emulator/faults/{faultId}"}, "one of them", GetFault},
      {{"DELETE", "/_emulator/faults/{faultId}"}, "take it away", DeleteFault},

      {{"GET", "/_emulator/requests"},
       "the journal: requests to the vendor's API and their answers",
       ListRequests,
       kNoBody,
       !kProbe,
       {"since", "limit", "status", "operation", "client", "reason"}},
      {{"DELETE", "/_emulator/requests"}, "empty it", ClearRequests},
      {{"GET", "/_emulator/requests/stream"},
       "its entries as they come, as server-sent events",
       StreamRequests,
       kNoBody,
       !kProbe,
       {"since", "status", "operation", "client", "reason"}},
      {{"GET", "/_emulator/requests/{requestId}"}, "one of them", GetRequest},
      {{"GET", "/_emulator/requests/{requestId}/why"}, "why it was answered so", GetWhy},

      {{"POST", "/_emulator/verify"}, "is it so", Verify, "Verifications"},
      {{"POST", "/_emulator/verify/wait"},
       "wait until it is so",
       AwaitVerification,
       "Verifications",
       !kProbe,
       {"timeoutMs"}},
      {{"GET", "/_emulator/retries"}, "how clients took a 429 or 5xx", GetRetries},
      {{"GET", "/_emulator/coverage"}, "which documented outcomes clients have met", GetCoverage},

      {{"GET", "/_emulator/sandboxes"}, "the sandboxes", ListSandboxes},
      {{"GET", "/_emulator/sandboxes/{sandbox}"}, "one of them", GetSandbox},
      {{"PUT", "/_emulator/sandboxes/{sandbox}"}, "make it anew", CreateSandbox, "SandboxSetting"},
      {{"DELETE", "/_emulator/sandboxes/{sandbox}"}, "drop it", DeleteSandbox},
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
  return path == "/" || IsWithin(path, "/_emulator");
}

bool Control::IsOfAllWorlds(std::string_view path) {
  return IsWithin(path, "/_emulator/sandboxes");
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
