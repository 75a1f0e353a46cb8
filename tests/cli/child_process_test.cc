#include "cli/child_process.h"

#include "cli/exit_codes.h"
#include "support/world.h"

using namespace emulator;
using namespace emulator::cli;

TEST_CASE("a command that cannot be started has the exit code of a shell") {
  const auto code_of = [](const std::string& command) {
    try {
      ChildProcess({command}, {});
      return 0;
    } catch (const NotStarted& error) {
      CHECK(error.message.starts_with("cannot start \"" + command + "\": "));
      return error.code;
    }
  };
  CHECK(code_of("no-such-command") == kCommandNotFound);
  CHECK(code_of("/") == kNotExecutable);
}
