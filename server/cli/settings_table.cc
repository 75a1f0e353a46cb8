#include "cli/settings_table.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "cli/command.h"
#include "cli/help_text.h"

namespace emulator::cli {

namespace {

std::string Code(const std::string& text) {
  return "`" + text + "`";
}

std::string Row(const Setting& setting) {
  const bool is_flag = setting.flag[0] == '-';
  std::string flag = setting.flag;
  if (is_flag && setting.value) flag += std::string(" ") + setting.value;
  std::string row = "| " + Code(flag) + " | " + (setting.variable ? Code(setting.variable) : "") +
                    " | " + setting.initial + " | " + setting.meaning;
  return row + " |\n";
}

std::string Table(const std::string& heading, const std::vector<Setting>& settings) {
  if (settings.empty()) return "";
  std::string table =
      "\n" + heading + "\n\n| option | variable | default | meaning |\n| --- | --- | --- | --- |\n";
  for (const Setting& setting : settings) table += Row(setting);
  return table;
}

bool IsSameRow(const Setting& a, const Setting& b) {
  return Row(a) == Row(b);
}

}  // namespace

std::string SettingsTable() {
  std::vector<Setting> of_serve;
  std::string text;
  for (const Command& command : Commands()) {
    const PreparedCommand prepared = command.prepare();
    const Syntax& syntax = prepared.syntax;
    if (syntax.groups.empty() && !syntax.operand) continue;
    text += std::string(text.empty() ? "" : "\n") + "## " + std::string(command.name) + "\n\n" +
            std::string(command.summary) + ": " + Code(Usage(command, syntax)) + "\n";
    if (syntax.operand) text += Table("Argument:", {syntax.operand->setting});
    const bool is_serve = command.name == "serve";
    for (const SettingGroup& group : syntax.groups) {
      std::vector<Setting> rows;
      for (const Setting& setting : group.settings) {
        const bool is_known =
            std::any_of(of_serve.begin(), of_serve.end(),
                        [&](const Setting& other) { return IsSameRow(setting, other); });
        if (is_serve) of_serve.push_back(setting);
        if (!is_known || !syntax.child_command) rows.push_back(setting);
      }
      text += Table("### " + std::string(command.name) + ": " + group.title, rows);
    }
    if (syntax.child_command)
      text += "\nAll options of `serve` except `--watch` are also options of `" +
              std::string(command.name) + "`. Those above differ, or are added.\n";
  }
  return text;
}

}  // namespace emulator::cli
