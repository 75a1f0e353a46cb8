#include "cli/man_command.h"

#include "support/world.h"

using namespace emulator;
using namespace emulator::cli;

TEST_CASE("the manual page has every command, option and variable") {
  const std::string page = ManualPage();
  CHECK(page.starts_with(".TH EXPORT\\-EMULATOR 1 "));
  for (const Command& command : Commands()) {
    CHECK(page.find("\n.SS " + std::string(command.name) + "\n") != std::string::npos);
    for (const SettingGroup& group : command.prepare().syntax.groups)
      for (const Setting& setting : group.settings)
        if (setting.variable) CHECK(page.find(setting.variable) != std::string::npos);
  }
}

TEST_CASE("a minus sign in the manual page can be copied, and a backslash is text") {
  const std::string page = ManualPage();
  CHECK(page.find("\\fB\\-\\-tls\\-ca\\-file\\fR \\fIFILE\\fR") != std::string::npos);
}
