// Whether a user has let the vendor act for it.
// Threads: any.
#pragma once

#include "api/operations.h"

namespace emulator::api {

// GET /export/authorizationinformation
HandlerResult GetAuthorizationInformation(const Call& call);

}  // namespace emulator::api
