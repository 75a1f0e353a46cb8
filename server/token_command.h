// `export-emulator token`: a token of a running emulator, also one that is broken on purpose.
// Threads: one.
#pragma once

#include <string>

#include "options.h"

namespace emulator {

// The token and a line's end. Throws as AskEmulator, and where the answer is no token.
std::string OrderToken(const Options& options);

}  // namespace emulator
