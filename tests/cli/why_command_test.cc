#include "cli/why_command.h"

#include "support/test_emulator.h"
#include "support/thrown.h"

using namespace emulator;
using namespace emulator::cli;

TEST_CASE("without an emulator, why says where it looked and what to do") {
  CHECK(Thrown<std::runtime_error>([] { FetchWhy({.remote = {.url = "http://localhost:1"}}); }) ==
        "no emulator responds at http://localhost:1. Start one, or give its URL.");
}
