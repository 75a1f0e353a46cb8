// Runs of export connections: look up, permit, render.
// Threads: any.
#pragma once

#include "api/operations.h"

namespace emulator {

// GET /export/connections/{connectionId}/runs
Outcome ListRuns(const Call& call);
// GET /export/connections/{connectionId}/runs/{runId}
Outcome GetRun(const Call& call);

}  // namespace emulator
