// Parses the arguments of one command and its variables into the command's options.
// Threads: values.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/environment.h"
#include "cli/setting.h"

namespace emulator::cli {

struct CommandLine {
  bool wants_help = false;             // --help or -h is present; the options are not set
  std::vector<std::string> notices{};  // variables that are ignored, and why
};

// Sets the options behind `syntax`. A flag wins over its variable, a variable over the default.
// `known_variables`: variables of other commands, which are not misspelt ones of this.
// Throws UsageError.
CommandLine ParseCommandLine(std::string_view command, const std::vector<std::string>& arguments,
                             const Syntax& syntax, const Environment& environment,
                             const std::vector<std::string>& known_variables = {});

// The flags of a syntax and --help.
std::vector<std::string> FlagNames(const Syntax& syntax);

}  // namespace emulator::cli
