// Export connections: make one.
// Threads: any.
#pragma once

#include "api/operations.h"

namespace emulator {

// POST /export/connections
Outcome CreateConnection(const Call& call);

}  // namespace emulator
