// Asks a running emulator something by its own API: for the commands that do.
// Threads: one.
#pragma once

#include <string>

#include "http/request.h"

namespace emulator::cli {

// The body of the answer. `url`: of the emulator or of one of its sandboxes. `token`: of
// --control-token; empty: none. Throws std::runtime_error, with a sentence, where it gets no answer
// or a refusal.
std::string CallEmulator(const std::string& url, http::Request request, const std::string& token);

}  // namespace emulator::cli
