// `export-emulator serve`: serves the API until SIGTERM or SIGINT.
// Threads: one.
#pragma once

#include "cli/options.h"
#include "cli/setting.h"

namespace emulator::cli {

struct ServeOptions {
  EmulatorOptions emulator;
  bool watch = false;  // reload the fixtures when their files change
};
Syntax ServeSyntax(ServeOptions& options);
// Prints a line of JSON on standard output when it is ready.
int RunServe(const ServeOptions& options);

}  // namespace emulator::cli
