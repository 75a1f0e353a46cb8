#include "cli/command.h"

#include <algorithm>
#include <set>

#include "cli/command_line.h"
#include "cli/exit_codes.h"
#include "cli/help_command.h"
#include "cli/parse.h"
#include "support/world.h"

using namespace emulator;
using namespace emulator::cli;

TEST_CASE("every command has a name of its own and a summary of one line") {
  std::set<std::string_view> names;
  for (const Command& command : Commands()) {
    CHECK(names.insert(command.name).second);
    CHECK(FindCommand(command.name) == &command);
    CHECK_FALSE(command.summary.empty());
    CHECK_FALSE(command.summary.ends_with('.'));
  }
  CHECK(FindCommand("srve") == nullptr);
}

TEST_CASE("an unknown command is rejected with a suggestion") {
  CHECK(Thrown<UsageError>([] { RequireCommand("srve"); }) ==
        "\"srve\": unknown command. Did you mean \"serve\"? See `export-emulator --help`.");
  CHECK(Thrown<UsageError>([] {
          RequireCommand("world.json");
        }).find("To serve a file: --fixtures FILE.") != std::string::npos);
}

TEST_CASE("the known variables are those of all commands, and those that exec sets") {
  const std::vector<std::string> names = KnownVariables();
  for (const char* name : {"EXPORT_EMULATOR_PORT", "EXPORT_EMULATOR_URL", "EXPORT_EMULATOR_WAIT",
                           "EXPORT_EMULATOR_VERIFY", "EXPORT_EMULATOR_CA_FILE"})
    CHECK(std::count(names.begin(), names.end(), name) > 0);
}

TEST_CASE("exit codes are rows in ascending order") {
  CHECK(std::is_sorted(std::begin(kExitCodes), std::end(kExitCodes),
                       [](const auto& a, const auto& b) { return a.code < b.code; }));
}
