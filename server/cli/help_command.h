// `export-emulator help`: prints the help of the program or of a command.
// Threads: one.
#pragma once

#include <string>

#include "cli/command.h"

namespace emulator::cli {

struct HelpOptions {
  std::string command;  // empty: the program
};
Syntax HelpSyntax(HelpOptions& options);
// Throws UsageError if the command is unknown.
int RunHelp(const HelpOptions& options);

// Throws UsageError with a suggestion if no command has the name.
const Command& RequireCommand(const std::string& name);

}  // namespace emulator::cli
