#include "cli/help_text.h"

#include "base/text.h"
#include "cli/command.h"
#include "support/world.h"

using namespace emulator;
using namespace emulator::cli;

TEST_CASE("the help of the program fits a screen of 24 lines and has a line for each command") {
  const std::string help = ProgramHelp();
  CHECK(std::count(help.begin(), help.end(), '\n') <= 24);
  for (const std::string_view line : Split(help, '\n')) CHECK(line.size() <= 80);
  for (const Command& command : Commands())
    CHECK(help.find("\n  " + std::string(command.name) + " ") != std::string::npos);
}

TEST_CASE("an option has one line of at most 100 columns in the help of its command") {
  for (const Command& command : Commands()) {
    const std::string help = CommandHelp(command);
    for (const std::string_view line : Split(help, '\n')) {
      INFO(line);
      CHECK(line.size() <= 100);
    }
    for (const SettingGroup& group : command.prepare().syntax.groups) {
      CHECK(help.find("\n" + std::string(group.title) + ":\n") != std::string::npos);
      for (const Setting& setting : group.settings)
        CHECK(help.find("\n  " + std::string(setting.flag)) != std::string::npos);
    }
  }
}

TEST_CASE("a usage line shows options, arguments and the command of exec") {
  const auto usage = [](const char* name) {
    const Command& command = *FindCommand(name);
    return Usage(command, command.prepare().syntax);
  };
  CHECK(usage("serve") == "export-emulator serve [OPTIONS]");
  CHECK(usage("exec") == "export-emulator exec [OPTIONS] -- COMMAND...");
  CHECK(usage("why") == "export-emulator why [OPTIONS] [URL]");
  CHECK(usage("validate") == "export-emulator validate FILE...");
  CHECK(usage("schema") == "export-emulator schema");
}

TEST_CASE("paragraphs are wrapped at spaces") {
  CHECK(Wrap("aa bb cc", 5) == "aa bb\ncc");
  CHECK(Wrap("aaaaaaa b", 5) == "aaaaaaa\nb");
}
