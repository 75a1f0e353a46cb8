// `export-emulator world`: prints the default world.
// Threads: one.
#pragma once

#include "cli/command.h"

namespace emulator::cli {

int RunWorld(const NoOptions&);

}  // namespace emulator::cli
