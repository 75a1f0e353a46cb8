// `export-emulator schema`: prints the JSON Schema of fixture files.
// Threads: one.
#pragma once

#include "cli/command.h"

namespace emulator::cli {

int RunSchema(const NoOptions&);

}  // namespace emulator::cli
