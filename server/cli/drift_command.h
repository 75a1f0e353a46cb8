// `export-emulator drift`: compares a saved page of the vendor's documentation with the contract.
// Threads: one.
#pragma once

#include <string>

#include "cli/setting.h"

namespace emulator::cli {

struct DriftOptions {
  std::string page;  // a file, or "-" for standard input
};
Syntax DriftSyntax(DriftOptions& options);
// Prints a line for each difference. Throws UsageError if the text is not such a page.
int RunDrift(const DriftOptions& options);

}  // namespace emulator::cli
