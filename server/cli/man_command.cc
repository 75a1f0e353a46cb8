#include "cli/man_command.h"

#include <iostream>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "cli/exit_codes.h"
#include "cli/help_text.h"
#include "cli/settings_table.h"

namespace emulator::cli {

namespace {

// Text for roff: without requests at the start of a line, and with '-' that can be copied.
std::string Escape(std::string_view text) {
  std::string escaped;
  bool starts_line = true;
  for (const char c : text) {
    if (starts_line && (c == '.' || c == '\'')) escaped += "\\&";
    if (c == '\\')
      escaped += "\\e";
    else if (c == '-')
      escaped += "\\-";
    else
      escaped += c;
    starts_line = c == '\n';
  }
  return escaped;
}

std::string Tagged(const std::string& tag, const std::string& text) {
  return ".TP\n" + tag + "\n" + text + "\n";
}

std::string Bold(std::string_view text) {
  return "\\fB" + Escape(text) + "\\fR";
}
std::string Italic(std::string_view text) {
  return "\\fI" + Escape(text) + "\\fR";
}

std::string SettingEntry(const Setting& setting) {
  const bool is_flag = setting.flag[0] == '-';
  std::string tag = is_flag ? Bold(setting.flag) : Italic(setting.flag);
  if (is_flag && setting.value) tag += " " + Italic(setting.value);
  const std::string_view initial = setting.initial;
  std::string text = Escape(setting.meaning) + ".";
  if (initial != "none" && initial != "false") text += "\nDefault: " + Escape(initial) + ".";
  const std::vector<std::string>& choices = setting.parser.choices;
  if (!choices.empty() && std::string_view(setting.meaning).find(choices[0]) == std::string::npos)
    text += "\nValues: " + Escape(Join(choices)) + ".";
  if (setting.variable) text += "\nVariable: " + Bold(setting.variable) + ".";
  return Tagged(tag, text);
}

std::string CommandSection(const Command& command) {
  const PreparedCommand prepared = command.prepare();
  const Syntax& syntax = prepared.syntax;
  std::string text = ".SS " + Escape(command.name) + "\n" + Escape(command.summary) + ".\n.PP\n" +
                     Bold(Usage(command, syntax)) + "\n";
  if (syntax.operand) text += SettingEntry(syntax.operand->setting);
  if (const std::string note = SharedSettingsNote(syntax); !note.empty())
    text += ".PP\n" + Escape(note) + "\n";
  for (const SettingGroup& group : GroupsToDocument(syntax)) {
    text += ".PP\n" + Italic(std::string(group.title) + ":") + "\n";
    for (const Setting& setting : group.settings) text += SettingEntry(setting);
  }
  if (!syntax.notes.empty()) text += ".PP\n.nf\n" + Escape(Trim(syntax.notes)) + "\n.fi\n";
  return text;
}

}  // namespace

std::string ManualPage() {
  std::string page = std::string(".TH EXPORT\\-EMULATOR 1 \"\" \"export\\-emulator ") +
                     EMULATOR_VERSION +
                     "\" \"User Commands\"\n"
                     ".nh\n.SH NAME\n"
                     "export\\-emulator \\- local emulator of the iTwin Platform Export API\n"
                     ".SH SYNOPSIS\n"
                     ".B export\\-emulator\n"
                     "[\\fICOMMAND\\fR] [\\fIOPTIONS\\fR]\n"
                     ".SH DESCRIPTION\n"
                     "Serves the iTwin Platform Export API from fixtures, for tests.\n"
                     "Without a command it is\n.BR serve .\n"
                     "An option wins over its variable, a variable over the default.\n"
                     "An empty variable counts as unset.\n"
                     "In a variable, \\(aq:\\(aq separates the values of a repeatable option.\n"
                     "Without EXPORT_EMULATOR_PORT, the variable PORT is read.\n"
                     ".SH COMMANDS\n";
  for (const Command& command : Commands()) page += CommandSection(command);
  page += ".SH SIGNALS\n" + Tagged(Bold("SIGTERM, SIGINT"), "Stop the emulator.") +
          Tagged(Bold("SIGHUP"),
                 "Reload the fixtures, and the files of \\-\\-tls\\-cert and "
                 "\\-\\-tls\\-key.") +
          ".SH EXIT STATUS\n";
  for (const ExitCodeRow& row : kExitCodes)
    page += Tagged(Bold(std::to_string(row.code)), Escape(row.meaning) + ".");
  return page;
}

int RunMan(const NoOptions&) {
  std::cout << ManualPage();
  return kSuccess;
}

}  // namespace emulator::cli
