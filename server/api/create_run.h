// Runs of export connections: create.
// Threads: any.
#pragma once

#include "api/operations.h"

namespace emulator::api {

// POST /export/connections/{connectionId}/runs
HandlerResult CreateRun(const Call& call);

}  // namespace emulator::api
