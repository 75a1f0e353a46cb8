// Calls the control API of a running emulator, for the commands that use one.
// Threads: one.
#pragma once

#include <string>

#include "cli/options.h"
#include "http/request.h"

namespace emulator::cli {

// Returns the body of a 2xx response. Throws std::runtime_error with a message for the user if
// there is no response or another status.
std::string CallEmulator(const RemoteOptions& remote, http::Request request);

}  // namespace emulator::cli
