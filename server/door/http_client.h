// Asks a running emulator over HTTP: for `export-emulator healthcheck`.
// Threads: any.
#pragma once

#include <chrono>
#include <string>

namespace emulator {

// True when GET of the path is answered 200 within the time. Never throws.
bool AnswersOk(const std::string& host, int port, const std::string& path,
               std::chrono::milliseconds time);

}  // namespace emulator
