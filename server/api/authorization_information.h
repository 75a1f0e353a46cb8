// Whether a user has authorized the vendor to act for them.
// Threads: any.
#pragma once

#include "api/operations.h"

namespace emulator::api {

// GET /export/authorizationinformation
HandlerResult GetAuthorizationInformation(const Call& call);

}  // namespace emulator::api
