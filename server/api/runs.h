// Runs of export connections: read, list.
// Threads: any.
#pragma once

#include "api/operations.h"

namespace emulator::api {

// GET /export/connections/{connectionId}/runs
HandlerResult ListRuns(const Call& call);
// GET /export/connections/{connectionId}/runs/{runId}
HandlerResult GetRun(const Call& call);

}  // namespace emulator::api
