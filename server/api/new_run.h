// Runs of export connections: start one.
// Threads: any.
#pragma once

#include "api/operations.h"

namespace emulator {

// POST /export/connections/{connectionId}/runs
Outcome CreateRun(const Call& call);

}  // namespace emulator
