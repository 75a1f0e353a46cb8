// Export connections: look up, permit, render.
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

// The connection that the path of a call names, or why the call may not have it.
struct AuthorizedConnection {
  std::shared_ptr<const fixtures::CachedConnection> connection;
  const Reason* refused = nullptr;  // nullptr: there is a connection
};
AuthorizedConnection FindAuthorized(const Call& call);

// {"connection":{...}}; what stands inside is connection_json.h's.
std::string RenderConnection(const std::string& json);

// 200 with a JSON body. Bytes that are no UTF-8, which a client's Host or a hand in the store can
// bring into links, become U+FFFD.
http::Response JsonResponse(std::string json);
http::Response JsonResponse(const nlohmann::ordered_json& body);

}  // namespace emulator::api
