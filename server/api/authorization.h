// Whether a user has let the vendor act for it.
// Threads: any.
#pragma once

#include "api/operations.h"

namespace emulator {

// GET /export/authorizationinformation
Outcome GetAuthorizationInformation(const Call& call);

}  // namespace emulator
