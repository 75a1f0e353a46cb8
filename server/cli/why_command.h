// `export-emulator why`: asks a running emulator why its newest requests were answered as they
// were. Threads: one.
#pragma once

#include <string>

namespace emulator::cli {

// The text to print. `url`: of the emulator or of one of its sandboxes. `token`: of
// --control-token; empty: none. Throws std::runtime_error, with a sentence, where it gets no answer
// or a refusal.
std::string FetchWhy(const std::string& url, const std::string& token, int last);

}  // namespace emulator::cli
