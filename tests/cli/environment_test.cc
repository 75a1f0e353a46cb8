#include "cli/environment.h"

#include <cstdlib>

#include "support/world.h"

using namespace emulator;
using namespace emulator::cli;

TEST_CASE("the environment has the variables of the process, but no empty ones") {
  ::setenv("EXPORT_EMULATOR_TEST_SET", "a=b", 1);
  ::setenv("EXPORT_EMULATOR_TEST_EMPTY", "", 1);
  const Environment environment = ReadEnvironment();
  ::unsetenv("EXPORT_EMULATOR_TEST_SET");
  ::unsetenv("EXPORT_EMULATOR_TEST_EMPTY");
  CHECK(environment.at("EXPORT_EMULATOR_TEST_SET") == "a=b");
  CHECK_FALSE(environment.contains("EXPORT_EMULATOR_TEST_EMPTY"));
}
