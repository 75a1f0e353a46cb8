#include "cli/completion_command.h"

#include "cli/command.h"
#include "support/world.h"

using namespace emulator;
using namespace emulator::cli;

TEST_CASE("each script has every command and every option") {
  for (const Shell shell : {Shell::kBash, Shell::kZsh, Shell::kFish}) {
    const std::string script = CompletionScript(shell);
    for (const Command& command : Commands()) {
      CHECK(script.find(command.name) != std::string::npos);
      for (const SettingGroup& group : command.prepare().syntax.groups)
        for (const Setting& setting : group.settings) {
          const std::string flag = shell == Shell::kFish ? " -l " + std::string(setting.flag + 2)
                                                         : std::string(setting.flag);
          CHECK(script.find(flag) != std::string::npos);
        }
    }
  }
}

TEST_CASE("choices are completed") {
  CHECK(CompletionScript(Shell::kBash).find("'serve --log') words='text json off' ;;") !=
        std::string::npos);
  CHECK(CompletionScript(Shell::kZsh).find(":FORMAT:(text json off)'") != std::string::npos);
  CHECK(CompletionScript(Shell::kFish).find(" -l log -x -a 'text json off'") != std::string::npos);
}
