// The texts of --help, from the tables of commands and settings. No line is longer than 100
// columns. Threads: pure functions.
#pragma once

#include <string>

#include "cli/command.h"

namespace emulator::cli {

// Every command with a line each; fits a screen.
std::string ProgramHelp();

// The usage of a command, a line for each setting, and its notes.
std::string CommandHelp(const Command& command);

// "export-emulator validate FILE..."
std::string Usage(const Command& command, const Syntax& syntax);

// Breaks a paragraph at spaces.
std::string Wrap(std::string_view text, size_t columns);

}  // namespace emulator::cli
