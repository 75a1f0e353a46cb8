#include "cli/settings_table.h"

#include "base/text.h"
#include "cli/command.h"
#include "support/world.h"

using namespace emulator;
using namespace emulator::cli;

TEST_CASE("the settings table has every option of every command") {
  const std::string table = SettingsTable();
  for (const Command& command : Commands())
    for (const SettingGroup& group : command.prepare().syntax.groups)
      for (const Setting& setting : group.settings) {
        INFO(command.name << " " << setting.flag);
        CHECK(table.find("| `" + std::string(setting.flag)) != std::string::npos);
      }
  CHECK(table.find("## serve\n") == 0);
  CHECK(table.find("\n### serve: TLS\n") != std::string::npos);
  CHECK(table.find("\n| `--port NUMBER` | `EXPORT_EMULATOR_PORT` | 8080 | Port; 0 selects a free "
                   "port |\n") != std::string::npos);
}

TEST_CASE("a row of the settings table has four cells") {
  const std::string table = SettingsTable();
  for (const std::string_view line : Split(table, '\n'))
    if (line.starts_with('|')) CHECK(std::count(line.begin(), line.end(), '|') == 5);
}

TEST_CASE("exec shows only the settings that differ from those of serve") {
  const std::string table = SettingsTable();
  const std::string exec =
      table.substr(table.find("## exec\n"), table.find("## why\n") - table.find("## exec\n"));
  CHECK(exec.find("`--verify FILE`") != std::string::npos);
  CHECK(exec.find("`--port NUMBER` |  | 0 |") != std::string::npos);
  CHECK(exec.find("--store") == std::string::npos);
}
