// `export-emulator man`: prints the manual page, in roff, from the tables of commands, settings and
// exit codes.
// Threads: one.
#pragma once

#include <string>

#include "cli/command.h"

namespace emulator::cli {

int RunMan(const NoOptions&);

std::string ManualPage();

}  // namespace emulator::cli
