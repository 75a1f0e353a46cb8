// `export-emulator outcomes`: prints a curl command for every outcome that the default world can
// show without set-up: every documented status of every operation, and undocumented cases. The docs
// show a part of the same table, and a test runs every line, from the top. Threads: one.
#pragma once

#include <string>

#include "cli/setting.h"

namespace emulator::cli {

struct OutcomesOptions {
  std::string url = "http://localhost:8080";  // for the curl commands
  std::string operation;                      // empty: all
};
Syntax OutcomesSyntax(OutcomesOptions& options);
int RunOutcomes(const OutcomesOptions& options);

// The table. Headings name the operations, unless there is only one.
std::string OutcomesTable(const OutcomesOptions& options);

}  // namespace emulator::cli
