#include "api/operations.h"

#include <algorithm>
#include <set>

#include "api/authorization_information.h"
#include "api/connections.h"
#include "api/create_connection.h"
#include "api/create_run.h"
#include "api/runs.h"

namespace emulator::api {

HandlerResult Deny(const Reason& reason) {
  return {Refuse(*reason.error), &reason};
}

HandlerResult Deny(const Reason& reason, const std::vector<ErrorDetail>& details) {
  return {Refuse(*reason.error, details), &reason};
}

std::span<const Operation> Operations() {
  // [D] The scopes are those of the older pages, except for Delete Export Connection, which has no
  // known older copy [I]. Every completely known page has 429, so the others are assumed to have it
  // [I]. The other marks are in schema/openapi.json.
  static const std::vector<Operation> kOperations{
      {.name = "create-export-connection",
       .route = {"POST", "/export/connections"},
       .scope = "export:modify",
       .citation =
           {'D', "the page Create Export Connection",
            "Create a ExportConnection that describes which iModel's data is to be exported."},
       .successes = {201},
       .refusals = {&errors::kHeaderNotFound, &errors::kInvalidConnection,
                    &errors::kTooManyRequests},
       .gates = {Gate::kContent, Gate::kPermission},
       .handler = CreateConnection},
      {.name = "get-export-connections",
       .route = {"GET", "/export/connections"},
       .scope = "export:read",
       .citation = {'D', "the page Get Export Connections",
                    "Retrieves export connections for the specified iModel."},
       .successes = {200},
       .refusals = {&errors::kHeaderNotFound, &errors::kInsufficientPermissions,
                    &errors::kConnectionNotFound, &errors::kTooManyRequests},
       .gates = {Gate::kContent, Gate::kLookUp, Gate::kPermission},
       .handler = ListConnections},
      {.name = "get-export-connection",
       .route = {"GET", "/export/connections/{connectionId}"},
       .scope = "export:read",
       .citation = citations::kOperation,
       .successes = {200},
       .refusals = {&errors::kHeaderNotFound, &errors::kInsufficientPermissions,
                    &errors::kConnectionNotFound, &errors::kTooManyRequests},
       .gates = {Gate::kLookUp, Gate::kPermission},
       .handler = GetConnection},
      {.name = "delete-export-connection",
       .route = {"DELETE", "/export/connections/{connectionId}"},
       .scope = "export:modify",
       .citation = {'D', "the page Delete Export Connection", "Delete connection"},
       .successes = {204},
       .refusals = {&errors::kHeaderNotFound, &errors::kConnectionNotFound,
                    &errors::kConnectionAlreadyInUse, &errors::kInvalidConnectionId,
                    &errors::kTooManyRequests},
       .gates = {Gate::kContent, Gate::kLookUp, Gate::kPermission, Gate::kConflict},
       .handler = DeleteConnection},
      {.name = "create-export-connection-run",
       .route = {"POST", "/export/connections/{connectionId}/runs"},
       .scope = "export:modify",
       .citation = {'D', "the page Create ExportConnection Run",
                    "Runs the specified ExportConnection."},
       .successes = {202, 303},
       .refusals = {&errors::kHeaderNotFound, &errors::kInsufficientPermissions,
                    &errors::kConnectionNotFound, &errors::kConnectionAlreadyInUse,
                    &errors::kInvalidRun, &errors::kTooManyRequests},
       .gates = {Gate::kContent, Gate::kLookUp, Gate::kPermission, Gate::kConflict},
       .handler = CreateRun},
      {.name = "get-export-connection-runs",
       .route = {"GET", "/export/connections/{connectionId}/runs"},
       .scope = "export:read",
       .citation = {'D', "the page Get ExportConnection Runs",
                    "Retrieves all ExportConnection Runs for the specified connection."},
       .successes = {200},
       .refusals = {&errors::kHeaderNotFound, &errors::kInsufficientPermissions,
                    &errors::kConnectionNotFound, &errors::kTooManyRequests},
       .gates = {Gate::kContent, Gate::kLookUp, Gate::kPermission},
       .handler = ListRuns},
      {.name = "get-export-connection-run",
       .route = {"GET", "/export/connections/{connectionId}/runs/{runId}"},
       .scope = "export:read",
       .citation = {'D', "the page Get ExportConnection Run",
                    "Retrieves a ExportConnection Run with the specified ID."},
       .successes = {200},
       .refusals = {&errors::kHeaderNotFound, &errors::kInsufficientPermissions,
                    &errors::kConnectionNotFound, &errors::kTooManyRequests},
       .gates = {Gate::kLookUp, Gate::kPermission},
       .handler = GetRun},
      {.name = "get-authorization-information",
       .route = {"GET", "/export/authorizationinformation"},
       .scope = "export:read",
       .citation = {'D', "the page Get Authorization Information",
                    "True if user is already authorized."},
       .successes = {200},
       .refusals = {&errors::kHeaderNotFound, &errors::kInvalidAuthorizationInformation,
                    &errors::kTooManyRequests},
       .gates = {Gate::kContent, Gate::kPermission},
       .handler = GetAuthorizationInformation,
       .newer_429 = &errors::kTooManyRequests},  // [D] its newer page kept the older wording
  };
  return kOperations;
}

std::vector<std::string_view> Operation::ScopesIn(world::Edition edition) const {
  // [D] The older page requires its own scope, the newer one the platform's. The edition `page`
  // accepts either.
  if (edition == world::Edition::kCurrent) return {kPlatformScope};
  return {scope, kPlatformScope};
}

const ApiError& Operation::In(world::Edition edition, const ApiError& refusal) const {
  return edition == world::Edition::kCurrent && &refusal == &errors::kTooManyRequests ? *newer_429
                                                                                      : refusal;
}

std::vector<int> Operation::Statuses() const {
  std::vector<int> statuses = successes;
  for (const ApiError* refusal : refusals)
    if (std::find(statuses.begin(), statuses.end(), refusal->status) == statuses.end())
      statuses.push_back(refusal->status);
  return statuses;
}

const Operation* FindOperation(std::string_view name) {
  for (const Operation& operation : Operations())
    if (operation.name == name) return &operation;
  return nullptr;
}

std::vector<std::string> Scopes() {
  std::set<std::string> scopes{std::string(kPlatformScope)};
  for (const Operation& operation : Operations()) scopes.emplace(operation.scope);
  return {scopes.begin(), scopes.end()};
}

}  // namespace emulator::api
