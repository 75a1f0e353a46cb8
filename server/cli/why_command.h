// `export-emulator why`: asks a running emulator to explain its responses to the newest requests.
// Threads: one.
#pragma once

#include <string>

#include "cli/options.h"
#include "cli/setting.h"

namespace emulator::cli {

struct WhyOptions {
  RemoteOptions remote;
  int last = 1;  // how many requests
};
Syntax WhySyntax(WhyOptions& options);
int RunWhy(const WhyOptions& options);

// The explanations, newest first. Throws std::runtime_error with a message for the user.
std::string FetchWhy(const WhyOptions& options);

}  // namespace emulator::cli
