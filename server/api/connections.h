// Export connections: look up, permit, render.
// Threads: any.
#pragma once

#include <string>

#include "api/operations.h"

namespace emulator {

// GET /export/connections/{connectionId}
Outcome GetConnection(const Call& call);

// {"connection":{...}}; what stands inside is world/fixture_json.h's.
std::string RenderConnection(const ConnectionRow& row);

}  // namespace emulator
