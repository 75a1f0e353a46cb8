#include "cli/help_text.h"

#include <algorithm>
#include <vector>

#include "base/text.h"

namespace emulator::cli {

namespace {

constexpr size_t kColumns = 100;

std::string Pad(std::string text, size_t width) {
  text.resize(std::max(width, text.size()), ' ');
  return text;
}

std::string FlagAndValue(const Setting& setting) {
  std::string text = setting.flag;
  if (setting.value && text.starts_with('-')) text.append(" ").append(setting.value);
  return text;
}

std::string MeaningAndDefault(const Setting& setting) {
  const std::string_view initial = setting.initial;
  std::string text = setting.meaning;
  if (initial != "none" && initial != "false")
    text.append(" (default: ").append(initial).append(")");
  return text;
}

// The first setting with a variable, as an example. nullptr: none has one.
const Setting* FindVariable(const Syntax& syntax) {
  for (const SettingGroup& group : syntax.groups)
    for (const Setting& setting : group.settings)
      if (setting.variable) return &setting;
  return nullptr;
}

}  // namespace

std::string Wrap(std::string_view text, size_t columns) {
  std::string wrapped;
  size_t column = 0;
  for (const std::string_view word : Split(text, ' ')) {
    if (column > 0 && column + 1 + word.size() > columns) {
      wrapped += "\n";
      column = 0;
    } else if (column > 0) {
      wrapped += " ";
      ++column;
    }
    wrapped += word;
    column += word.size();
  }
  return wrapped;
}

std::string Usage(const Command& command, const Syntax& syntax) {
  std::string usage = "export-emulator " + std::string(command.name);
  if (!syntax.groups.empty()) usage += " [OPTIONS]";
  if (syntax.operand) {
    const Setting& operand = syntax.operand->setting;
    const std::string name = std::string(operand.flag) + (operand.IsList() ? "..." : "");
    usage += syntax.operand->is_required ? " " + name : " [" + name + "]";
  }
  if (syntax.child_command) usage += " -- COMMAND...";
  return usage;
}

std::string ProgramHelp() {
  std::string text =
      "Export Emulator: a local emulator of the iTwin Platform Export API.\n\n"
      "Usage: export-emulator [COMMAND] [OPTIONS]\n\nCommands:\n";
  for (const Command& command : Commands())
    text += "  " + Pad(std::string(command.name), 13) + std::string(command.summary) + "\n";
  return text +
         "\nOptions of a command: export-emulator COMMAND --help. Version: -V, --version.\n"
         "Exit codes: 0 success, 1 failure, 2 invalid usage or input, 3 port in use.\n"
         "healthcheck uses only 0 and 1; exec has more: export-emulator exec --help.\n";
}

std::string CommandHelp(const Command& command) {
  const PreparedCommand prepared = command.prepare();
  const Syntax& syntax = prepared.syntax;
  size_t width = 0;
  for (const SettingGroup& group : syntax.groups)
    for (const Setting& setting : group.settings)
      width = std::max(width, FlagAndValue(setting).size());
  if (syntax.operand) width = std::max(width, FlagAndValue(syntax.operand->setting).size());
  const auto line = [&](const Setting& setting) {
    return "  " + Pad(FlagAndValue(setting), width + 2) + MeaningAndDefault(setting) + "\n";
  };

  std::string text = std::string(command.summary) + ".\n\nUsage: " + Usage(command, syntax) + "\n";
  if (syntax.operand) text += "\nArguments:\n" + line(syntax.operand->setting);
  for (const SettingGroup& group : syntax.groups) {
    text += "\n" + std::string(group.title) + ":\n";
    for (const Setting& setting : group.settings) text += line(setting);
  }
  if (const Setting* example = FindVariable(syntax))
    text += "\n" +
            Wrap(std::string("A variable can replace an option: ") + example->variable + " is " +
                     example->flag + ". The manual page lists them: export-emulator man.",
                 kColumns) +
            "\n";
  if (!syntax.notes.empty()) text += "\n" + syntax.notes;
  return text;
}

}  // namespace emulator::cli
