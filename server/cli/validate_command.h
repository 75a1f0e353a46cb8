// `export-emulator validate`: checks fixture files together, as `serve` does.
// Threads: one.
#pragma once

#include <string>
#include <vector>

#include "cli/setting.h"

namespace emulator::cli {

struct ValidateOptions {
  std::vector<std::string> sources;  // files, folders, or "-"
};
Syntax ValidateSyntax(ValidateOptions& options);
// Prints the counts on standard output, warnings on standard error. Throws FixtureError.
int RunValidate(const ValidateOptions& options);

}  // namespace emulator::cli
