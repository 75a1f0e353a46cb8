#include "cli/version_command.h"

#include <iostream>

#include "cli/exit_codes.h"

namespace emulator::cli {

int RunVersion(const NoOptions&) {
  std::cout << "export-emulator " << EMULATOR_VERSION << "\n";
  return kSuccess;
}

}  // namespace emulator::cli
