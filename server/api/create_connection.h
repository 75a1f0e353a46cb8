// Export connections: create.
// Threads: any.
#pragma once

#include "api/operations.h"

namespace emulator::api {

// POST /export/connections
HandlerResult CreateConnection(const Call& call);

}  // namespace emulator::api
