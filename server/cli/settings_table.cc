#include "cli/settings_table.h"

#include <set>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "cli/command.h"
#include "cli/help_text.h"

namespace emulator::cli {

namespace {

constexpr size_t kMaxChoices = 5;  // in a cell

std::string Code(const std::string& text) {
  return "`" + text + "`";
}

std::string Row(const Setting& setting) {
  const bool is_flag = setting.flag[0] == '-';
  std::string flag = setting.flag;
  if (is_flag && setting.value) flag += std::string(" ") + setting.value;
  std::string meaning = setting.meaning;
  const std::vector<std::string>& choices = setting.parser.choices;
  const bool is_short = !choices.empty() && choices.size() <= kMaxChoices;
  if (is_short && meaning.find(choices[0]) == std::string::npos && choices[0] != setting.value)
    meaning += ". Values: " + Code(Join(choices, "`, `"));
  return "| " + Code(flag) + " | " + (setting.variable ? Code(setting.variable) : "") + " | " +
         setting.initial + " | " + meaning + " |\n";
}

std::string Table(const std::string& heading, const std::vector<Setting>& settings) {
  std::string table =
      "\n" + heading + "\n\n| option | variable | default | meaning |\n| --- | --- | --- | --- |\n";
  for (const Setting& setting : settings) table += Row(setting);
  return table;
}

}  // namespace

std::vector<SettingGroup> GroupsToDocument(const Syntax& syntax) {
  if (!syntax.child_command) return syntax.groups;
  const PreparedCommand serve = FindCommand("serve")->prepare();
  std::set<std::string> rows;
  for (const SettingGroup& group : serve.syntax.groups)
    for (const Setting& setting : group.settings) rows.insert(Row(setting));
  std::vector<SettingGroup> groups;
  for (SettingGroup group : syntax.groups) {
    std::erase_if(group.settings,
                  [&](const Setting& setting) { return rows.contains(Row(setting)); });
    if (!group.settings.empty()) groups.push_back(std::move(group));
  }
  return groups;
}

std::string SharedSettingsNote(const Syntax& syntax) {
  if (!syntax.child_command) return "";
  return "All options of serve except --watch are options of this command, too. The options below "
         "differ, or are added.";
}

std::string SettingsTable() {
  std::string text;
  for (const Command& command : Commands()) {
    const PreparedCommand prepared = command.prepare();
    const Syntax& syntax = prepared.syntax;
    if (syntax.groups.empty() && !syntax.operand) continue;
    const std::string name(command.name);
    text += std::string(text.empty() ? "" : "\n") + "## " + name + "\n\n" +
            std::string(command.summary) + ": " + Code(Usage(command, syntax)) + "\n";
    if (const std::string note = SharedSettingsNote(syntax); !note.empty())
      text += "\n" + note + "\n";
    if (syntax.operand) text += Table("Argument:", {syntax.operand->setting});
    for (const SettingGroup& group : GroupsToDocument(syntax))
      text += Table("### " + name + ": " + group.title, group.settings);
  }
  return text;
}

}  // namespace emulator::cli
