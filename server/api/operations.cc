#include "api/operations.h"

#include <set>

#include "api/connections.h"

namespace emulator {

Outcome RefuseFor(const Cause& cause) {
  return {Refuse(*cause.refusal), &cause};
}

std::span<const Operation> Operations() {
  static const std::vector<Operation> kOperations{
      {.name = "get-export-connection",
       .route = {"GET", "/export/connections/{connectionId}"},
       // The page asks for export:read; newer pages of the vendor for itwin-platform [D both].
       .scopes = {"export:read", "itwin-platform"},
       .refusals = {&errors::kHeaderNotFound, &errors::kInsufficientPermissions,
                    &errors::kConnectionNotFound, &errors::kTooManyRequests},
       .answer = GetConnection},
  };
  return kOperations;
}

const Operation* FindOperation(std::string_view name) {
  for (const Operation& operation : Operations())
    if (operation.name == name) return &operation;
  return nullptr;
}

std::span<const Route> NotYetEmulated() {
  static constexpr Route kRoutes[] = {
      {"POST", "/export/connections"},
      {"GET", "/export/connections"},
      {"DELETE", "/export/connections/{connectionId}"},
      {"POST", "/export/connections/{connectionId}/runs"},
      {"GET", "/export/connections/{connectionId}/runs"},
      {"GET", "/export/connections/{connectionId}/runs/{runId}"},
      {"GET", "/export/authorizationinformation"},
  };
  return kRoutes;
}

std::vector<std::string> Scopes() {
  std::set<std::string> scopes;
  for (const Operation& operation : Operations())
    scopes.insert(operation.scopes.begin(), operation.scopes.end());
  return {scopes.begin(), scopes.end()};
}

}  // namespace emulator
