// Parses a command line of one command into its options, with an environment of the test's choice.
#pragma once

#include <string>
#include <vector>

#include "cli/command_line.h"
#include "cli/exec_command.h"
#include "cli/serve_command.h"
#include "cli/usage_error.h"
#include "support/thrown.h"

namespace emulator::cli {

using Arguments = std::vector<std::string>;

template <typename Options, Syntax (*Describe)(Options&)>
Options Parse(const char* command, const Arguments& arguments,
              const Environment& environment = {}) {
  Options options;
  ParseCommandLine(command, arguments, Describe(options), environment);
  return options;
}

inline ServeOptions ParseServe(const Arguments& arguments, const Environment& environment = {}) {
  return Parse<ServeOptions, ServeSyntax>("serve", arguments, environment);
}
inline ExecOptions ParseExec(const Arguments& arguments, const Environment& environment = {}) {
  return Parse<ExecOptions, ExecSyntax>("exec", arguments, environment);
}

// The message of the UsageError, or "" without one.
inline std::string ServeError(const Arguments& arguments, const Environment& environment = {}) {
  return Thrown<UsageError>([&] { ParseServe(arguments, environment); });
}

}  // namespace emulator::cli
