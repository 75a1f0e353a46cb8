// `export-emulator version`: prints the version.
// Threads: one.
#pragma once

#include "cli/command.h"

namespace emulator::cli {

int RunVersion(const NoOptions&);

}  // namespace emulator::cli
