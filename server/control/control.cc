#include "control/control.h"

#include <nlohmann/json.hpp>
#include <vector>

#include "api/operations.h"
#include "api/unrouted.h"
#include "control/answers.h"
#include "door/digest.h"
#include "embedded.h"
#include "oauth/identity_service.h"

namespace emulator {

namespace {

using nlohmann::ordered_json;

// Alive: the program answers. Ready: it serves requests, which it does from its first answer on,
// because it does not listen before its fixtures are loaded.
Response Alive(const ControlCall&) {
  return AnswerJsonText(R"({"status":"alive"})");
}
Response Ready(const ControlCall&) {
  return AnswerJsonText(R"({"status":"ready"})");
}
Response FixturesSchema(const ControlCall&) {
  return AnswerJsonText(std::string(embedded::kFixturesSchema));
}
Response ControlContract(const ControlCall&) {
  return AnswerJsonText(std::string(embedded::kControlApi));
}
Response ExportContract(const ControlCall&) {
  return AnswerJsonText(std::string(embedded::kExportApi));
}

// Public, and wanted by who does not trust this server yet.
Response Ca(const ControlCall& call) {
  if (call.ca.empty())
    return Refuse(control_errors::kItemNotFound,
                  {.message = "There is no CA of the emulator's; --tls self-signed makes one."});
  return {.headers = {{"Content-Type", "application/x-pem-file"}}, .body = call.ca};
}

ordered_json CallRow(const ControlCall& call, const Route& route, std::string_view meaning) {
  ordered_json row{{"method", route.method}, {"path", route.path}, {"meaning", meaning}};
  if (route.method == "GET" && route.path.find('{') == std::string_view::npos)
    row["url"] = call.base_url + std::string(route.path);
  return row;
}

Response Explain(const ControlCall& call) {
  ordered_json list;
  list["name"] = "Export Emulator";
  list["version"] = EMULATOR_VERSION;
  list["meaning"] =
      "A local stand-in for the iTwin Platform Export API. It is not the vendor's service.";
  if (!call.sandbox.empty()) list["sandbox"] = call.sandbox;
  for (const Operation& operation : Operations())
    list["operations"].push_back(CallRow(call, operation.route, operation.name));
  for (const IdentityRow& row : IdentityRows())
    list["identity"].push_back(CallRow(call, row.route, row.meaning));
  for (const ControlRow& row : ControlRows())
    if (call.is_open || row.is_probe)
      list["emulator"].push_back(CallRow(call, row.route, row.meaning));
  return AnswerJsonText(list.dump(2) + "\n");
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

      {{"GET", "/_emulator/fixtures"}, "all fixtures, as a fixture file", TellFixtures},
      {{"PUT", "/_emulator/fixtures"}, "other fixtures", ReplaceFixtures, kOwnText},
      {{"GET", "/_emulator/connections/{connectionId}"}, "one connection", TellConnection},
      {{"PUT", "/_emulator/connections/{connectionId}"},
       "add or replace it",
       PutConnection,
       kOwnText},
      {{"DELETE", "/_emulator/connections/{connectionId}"}, "take it away", DeleteConnection},
      {{"GET", "/_emulator/users/{userId}"}, "one user", TellUser},
      {{"PUT", "/_emulator/users/{userId}"}, "add or replace it", PutUser, kOwnText},
      {{"DELETE", "/_emulator/users/{userId}"}, "take it away", DeleteUser},
      {{"GET", "/_emulator/clients/{clientId}"}, "one client", TellClient},
      {{"PUT", "/_emulator/clients/{clientId}"}, "add or replace it", PutClient, kOwnText},
      {{"DELETE", "/_emulator/clients/{clientId}"}, "take it away", DeleteClient},
      {{"POST", "/_emulator/tokens"},
       "a token as the identity service makes them, or broken on purpose",
       MakeToken,
       "TokenOrder"},
      {{"GET", "/_emulator/tokens/{name}"}, "one token, by its name", TellToken},
      {{"PUT", "/_emulator/tokens/{name}"}, "add or replace it", PutToken, kOwnText},
      {{"DELETE", "/_emulator/tokens/{name}"}, "take it away", DeleteToken},
      {{"GET", "/_emulator/runs/{runId}"}, "one run", TellRun},
      {{"PUT", "/_emulator/runs/{runId}"}, "add or replace it", PutRun, kOwnText},
      {{"DELETE", "/_emulator/runs/{runId}"}, "take it away", DeleteRun},
      {{"POST", "/_emulator/runs/{runId}/finish"}, "let it be completed now", FinishRun, "Finish"},
      {{"GET", "/_emulator/run-plans/{connectionId}"},
       "how runs go that clients start: of one connection, or of all (*)",
       TellRunPlan},
      {{"PUT", "/_emulator/run-plans/{connectionId}"}, "add or replace it", PutRunPlan, kOwnText},
      {{"DELETE", "/_emulator/run-plans/{connectionId}"}, "take it away", DeleteRunPlan},

      {{"GET", "/_emulator/edition"}, "which of the vendor's pages the World follows", TellEdition},
      {{"PUT", "/_emulator/edition"}, "let it follow others", SetEdition, "EditionSetting"},
      {{"DELETE", "/_emulator/edition"}, "back to those of the start", ResetEdition},

      {{"GET", "/_emulator/clock"}, "the World's time", TellClock},
      {{"PUT", "/_emulator/clock"}, "set it, freeze it", SetClock, "ClockSetting"},
      {{"DELETE", "/_emulator/clock"}, "back to real time", ReleaseClock},
      {{"POST", "/_emulator/clock/advance"}, "move it on", AdvanceClock, "ClockAdvance"},

      {{"GET", "/_emulator/rate-limit"}, "the ledger of every client", TellRateLimits},
      {{"GET", "/_emulator/rate-limit/{clientId}"}, "the ledger of one", TellRateLimit},
      {{"PUT", "/_emulator/rate-limit/{clientId}"},
       "limit it otherwise",
       SetRateLimit,
       "RateLimitSetting"},
      {{"DELETE", "/_emulator/rate-limit/{clientId}"}, "forget what it used", ForgetRateLimit},
      {{"POST", "/_emulator/rate-limit/{clientId}/exhaust"},
       "its next call is a 429",
       ExhaustRateLimit},

      {{"GET", "/_emulator/faults"}, "the planned faults, and how often each struck", ListFaults},
      {{"POST", "/_emulator/faults"}, "plan one", PlanFault, "Fault"},
      {{"DELETE", "/_emulator/faults"}, "none any more", ClearFaults},
      {{"GET", "/_emulator/faults/{faultId}"}, "one of them", TellFault},
      {{"DELETE", "/_emulator/faults/{faultId}"}, "take it away", RemoveFault},

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
      {{"GET", "/_emulator/requests/{requestId}"}, "one of them", TellRequest},
      {{"GET", "/_emulator/requests/{requestId}/why"}, "why it was answered so", TellWhy},

      {{"POST", "/_emulator/verify"}, "is it so", Verify, "Verifications"},
      {{"POST", "/_emulator/verify/wait"},
       "wait until it is so",
       AwaitVerification,
       "Verifications",
       !kProbe,
       {"timeoutMs"}},
      {{"GET", "/_emulator/retries"}, "how clients took a 429 or 5xx", TellRetries},
      {{"GET", "/_emulator/coverage"}, "which documented outcomes clients have met", TellCoverage},

      {{"GET", "/_emulator/sandboxes"}, "the sandboxes", ListSandboxes},
      {{"GET", "/_emulator/sandboxes/{sandbox}"}, "one of them", TellSandbox},
      {{"PUT", "/_emulator/sandboxes/{sandbox}"}, "make it anew", MakeSandbox, "SandboxSetting"},
      {{"DELETE", "/_emulator/sandboxes/{sandbox}"}, "drop it", DropSandbox},
  };
  return kRows;
}

Control::Control(Worlds& worlds, const Issuer& issuer, ControlAccess access, std::string ca)
    : worlds_(worlds),
      issuer_(issuer),
      access_(std::move(access)),
      ca_(std::move(ca)),
      router_(RoutesOf(ControlRows())) {}

bool Control::Owns(std::string_view path) {
  return path == "/" || IsWithin(path, "/_emulator");
}

bool Control::IsOfAllWorlds(std::string_view path) {
  return IsWithin(path, "/_emulator/sandboxes");
}

std::optional<Response> Control::RefuseCaller(const Request& request) const {
  switch (access_.mode) {
    case ControlAccess::Mode::kOpen:
      return std::nullopt;
    case ControlAccess::Mode::kOff:
      return Refuse(errors::kRouteNotFound);
    case ControlAccess::Mode::kForbidden:
      return Refuse(control_errors::kControlForbidden);
    case ControlAccess::Mode::kToken:
      break;
  }
  constexpr std::string_view kScheme = "Bearer ";
  const std::string* sent = request.headers.Find("Authorization");
  if (sent && EqualIgnoringCase(sent->substr(0, kScheme.size()), kScheme) &&
      SameSecret(sent->substr(kScheme.size()), access_.token))
    return std::nullopt;
  Response response = Refuse(control_errors::kControlTokenMissing);
  response.headers.Add("WWW-Authenticate", "Bearer");
  return response;
}

Response Control::Answer(const Request& request, const std::string& sandbox, World& world,
                         const std::string& base_url, const std::string& root_url) const {
  const RouteMatch match = router_.Find(request);
  const bool is_found = match.outcome == RouteMatch::Outcome::kFound;
  const ControlRow* row = is_found ? &ControlRows()[match.row] : nullptr;
  if (!row || !row->is_probe)
    if (auto refusal = RefuseCaller(request)) return std::move(*refusal);
  if (auto answer = AnswerUnrouted(match)) return std::move(answer->response);

  nlohmann::json body;
  if (row->body == ControlRow::kNoBody) {
    if (auto refusal = RefuseBody(request)) return std::move(*refusal);
  } else if (row->body != ControlRow::kOwnText) {
    auto read = ReadBody(request, row->body);
    if (auto* refusal = std::get_if<Response>(&read)) return std::move(*refusal);
    body = std::move(std::get<nlohmann::json>(read));
  }
  std::variant<Query, Response> query;
  if (!row->is_probe) query = ReadQuery(request, row->query);
  if (auto* refusal = std::get_if<Response>(&query)) return std::move(*refusal);
  const bool is_open =
      access_.mode == ControlAccess::Mode::kOpen || access_.mode == ControlAccess::Mode::kToken;
  return row->answer({request, match.parameters, std::get<Query>(query), body, sandbox, base_url,
                      root_url, ca_, is_open, world, worlds_, issuer_});
}

}  // namespace emulator
