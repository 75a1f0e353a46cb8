// Export connections: look up, permit, render.
// Threads: any.
#pragma once

#include <string>

#include "api/operations.h"

namespace emulator {

// GET /export/connections/{connectionId}
Outcome GetConnection(const Call& call);

// {"connection":{...}}: members in the order of the page's example; absent ones are left out.
std::string RenderConnection(const Connection& connection);

}  // namespace emulator
