// `export-emulator token`: a token of a running emulator, also one that is broken on purpose.
// Threads: one.
#pragma once

#include <string>

#include "cli/options.h"

namespace emulator::cli {

// The token and a line's end. Throws as CallEmulator, and where the answer is no token.
std::string RequestToken(const Options& options);

}  // namespace emulator::cli
