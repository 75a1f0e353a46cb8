// Export connections: look up, permit, render.
// Threads: any.
#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "api/operations.h"
#include "world/rendition.h"

namespace emulator {

// GET /export/connections/{connectionId}
Outcome GetConnection(const Call& call);
// GET /export/connections
Outcome ListConnections(const Call& call);
// DELETE /export/connections/{connectionId}
Outcome DeleteConnection(const Call& call);

// The connection that the path of a call names, or why the call may not have it.
struct Permitted {
  std::shared_ptr<const ConnectionRow> connection;
  const Cause* refused = nullptr;  // nullptr: there is a connection
};
Permitted Permit(const Call& call);

// {"connection":{...}}; what stands inside is connection_json.h's.
std::string RenderConnection(const std::string& json);

// 200 with a JSON body. Bytes that are no UTF-8, which a client's Host or a hand in the store can
// bring into links, become U+FFFD.
Response AnswerWith(std::string json);
Response AnswerWith(const nlohmann::ordered_json& body);

}  // namespace emulator
