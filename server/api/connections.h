// Export connections: read, list, delete.
// Threads: any.
#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "api/operations.h"
#include "world/api_profile.h"

namespace emulator::api {

// GET /export/connections/{connectionId}
HandlerResult GetConnection(const Call& call);
// GET /export/connections
HandlerResult ListConnections(const Call& call);
// DELETE /export/connections/{connectionId}
HandlerResult DeleteConnection(const Call& call);

// A connection, or the reason to refuse it.
struct AuthorizedConnection {
  std::shared_ptr<const fixtures::CachedConnection> connection;
  const Reason* refusal = nullptr;  // nullptr: there is a connection
};
// Finds the connection in the path of the call, and checks that its user may read it.
AuthorizedConnection FindAuthorized(const Call& call);

// {"connection":{...}}; `json` is the inner object (connection_json.h).
std::string RenderConnection(const std::string& json);

// 200 with a JSON body. Bytes that are not UTF-8 become U+FFFD: a Host header or an edited store
// can bring them into links.
http::Response JsonResponse(std::string json);
http::Response JsonResponse(const nlohmann::ordered_json& body);

}  // namespace emulator::api
