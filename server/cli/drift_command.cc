#include "cli/drift_command.h"

#include <iostream>
#include <iterator>

#include "base/file_io.h"
#include "cli/drift.h"
#include "cli/exit_codes.h"
#include "cli/usage_error.h"
#include "cli/value_parsers.h"

namespace emulator::cli {

namespace {

VendorPage ReadPage(const std::string& file) {
  try {
    if (file != "-") return ReadVendorPage(file, ReadFile(file));
    return ReadVendorPage("standard input",
                          std::string(std::istreambuf_iterator<char>(std::cin), {}));
  } catch (const std::runtime_error& error) {
    throw UsageError(std::string("PAGE: ") + error.what());
  }
}

}  // namespace

Syntax DriftSyntax(DriftOptions& o) {
  return {.operand = Operand{{"PAGE", nullptr, "FILE", "none",
                              "The page, saved as text, or - for standard input", ToText(o.page)},
                             /*is_required=*/true}};
}

int RunDrift(const DriftOptions& options) {
  const auto differences = Drift(ReadPage(options.page));
  for (const std::string& difference : differences) std::cout << difference << "\n";
  if (!differences.empty()) return kFailure;
  std::cout << "no difference\n";
  return kSuccess;
}

}  // namespace emulator::cli
