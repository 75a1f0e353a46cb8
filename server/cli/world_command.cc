#include "cli/world_command.h"

#include <iostream>

#include "base/embedded.h"
#include "cli/exit_codes.h"

namespace emulator::cli {

int RunWorld(const NoOptions&) {
  std::cout << embedded::kDefaultWorld;
  return kSuccess;
}

}  // namespace emulator::cli
