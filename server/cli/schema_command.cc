#include "cli/schema_command.h"

#include <iostream>

#include "base/embedded.h"
#include "cli/exit_codes.h"

namespace emulator::cli {

int RunSchema(const NoOptions&) {
  std::cout << embedded::kFixturesSchema;
  return kSuccess;
}

}  // namespace emulator::cli
