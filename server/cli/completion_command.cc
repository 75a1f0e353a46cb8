#include "cli/completion_command.h"

#include <iostream>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "cli/command.h"
#include "cli/command_line.h"
#include "cli/exit_codes.h"
#include "cli/value_parsers.h"

namespace emulator::cli {

namespace {

// A text in single quotes, for all three shells. fish reads \' within them, the others do not.
std::string Quote(std::string_view text, Shell shell) {
  std::string quoted = "'";
  for (const char c : text) {
    if (c == '\'')
      quoted += shell == Shell::kFish ? "\\'" : "'\\''";
    else if (c == '\\' && shell == Shell::kFish)
      quoted += "\\\\";
    else
      quoted += c;
  }
  return quoted + "'";
}

std::vector<Setting> SettingsOf(const Syntax& syntax) {
  std::vector<Setting> settings;
  for (const SettingGroup& group : syntax.groups)
    settings.insert(settings.end(), group.settings.begin(), group.settings.end());
  return settings;
}

// What an argument without a flag may be: names, or files.
std::string OperandNames(const Syntax& syntax) {
  if (!syntax.operand) return "";
  return Join(syntax.operand->setting.parser.choices, " ");
}

std::string BashScript() {
  std::string values, commands;
  for (const Command& command : Commands()) {
    const PreparedCommand prepared = command.prepare();
    const std::string name(command.name);
    for (const Setting& setting : SettingsOf(prepared.syntax)) {
      if (setting.IsSwitch()) continue;
      values += "    '" + name + " " + setting.flag + "') ";
      values += setting.TakesFile()
                    ? "files=1"
                    : "words=" + Quote(Join(setting.parser.choices, " "), Shell::kBash);
      values += " ;;\n";
    }
    const bool takes_files =
        prepared.syntax.operand && prepared.syntax.operand->setting.TakesFile();
    commands += "      " + name +
                ") flags=" + Quote(Join(FlagNames(prepared.syntax), " "), Shell::kBash) +
                " words=" + Quote(OperandNames(prepared.syntax), Shell::kBash) +
                (takes_files ? " files=1" : "") + " ;;\n";
  }
  return R"(# bash completion for export-emulator: source this file, or save it as
# ~/.local/share/bash-completion/completions/export-emulator
_export_emulator() {
  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}
  local command=serve flags= words= files= i
  # bash splits --flag=value into three words.
  if [[ $current == '=' ]]; then current=
  elif [[ $previous == '=' ]]; then previous=${COMP_WORDS[COMP_CWORD-2]}
  fi
  [[ $COMP_CWORD -gt 1 && ${COMP_WORDS[1]} != -* ]] && command=${COMP_WORDS[1]}
  if [[ $command == exec ]]; then
    for ((i = 2; i < COMP_CWORD; i++)); do
      if [[ ${COMP_WORDS[i]} == -- ]]; then
        compopt -o default 2>/dev/null
        mapfile -t COMPREPLY < <(compgen -c -- "$current")
        return
      fi
    done
  fi
  case "$command $previous" in
)" + values +
         R"(    *)
      case $command in
)" + commands +
         R"(      esac
      [[ $COMP_CWORD -eq 1 ]] && words=)" +
         Quote(Join(CommandNames(), " "), Shell::kBash) + R"(
      [[ $current == -* ]] && words=$flags files=
      ;;
  esac
  if [[ -n $files ]]; then
    compopt -o filenames 2>/dev/null
    mapfile -t COMPREPLY < <(compgen -f -- "$current")
  else
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
  fi
}
complete -F _export_emulator export-emulator
)";
}

// For the brackets of _arguments.
std::string ZshMeaning(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '[' || c == ']' || c == ':') escaped += '\\';
    escaped += c;
  }
  return escaped;
}

// What _arguments completes for a value: ":NUMBER:", ":FILE:_files", ":FORMAT:(text json off)".
std::string ZshValue(const Setting& setting) {
  if (setting.IsSwitch()) return "";
  std::string value = std::string(":") + setting.value + ":";
  if (setting.TakesFile()) return value + "_files";
  return setting.parser.choices.empty() ? value + " "
                                        : value + "(" + Join(setting.parser.choices, " ") + ")";
}

std::string ZshScript() {
  std::string names, cases;
  for (const Command& command : Commands()) {
    const PreparedCommand prepared = command.prepare();
    names += "    " +
             Quote(std::string(command.name) + ":" + std::string(command.summary), Shell::kZsh) +
             "\n";
    cases += "    " + std::string(command.name) + ")\n      _arguments";
    for (const Setting& setting : SettingsOf(prepared.syntax))
      cases += " \\\n        " + Quote(std::string(setting.IsList() ? "*" : "") + setting.flag +
                                           (setting.IsSwitch() ? "" : "=") + "[" +
                                           ZshMeaning(setting.meaning) + "]" + ZshValue(setting),
                                       Shell::kZsh);
    cases += " \\\n        '(-h --help)'{-h,--help}'[Print help]'";
    if (prepared.syntax.operand) {
      const Setting& operand = prepared.syntax.operand->setting;
      cases += " \\\n        " +
               Quote(std::string(operand.IsList() ? "*" : "1") + ZshValue(operand), Shell::kZsh);
    }
    if (prepared.syntax.child_command) cases += " \\\n        '*::command:_normal'";
    cases += "\n      ;;\n";
  }
  return R"(#compdef export-emulator
# zsh completion for export-emulator: save it as _export-emulator in a folder of $fpath.
_export_emulator() {
  local -a commands
  commands=(
)" + names +
         R"(  )
  local command=serve
  if (( CURRENT == 2 )) && [[ $words[2] != -* ]]; then
    _describe command commands
    return
  fi
  if [[ $words[2] != -* ]]; then
    command=$words[2]
    shift words
    (( CURRENT-- ))
  fi
  case $command in
)" + cases +
         R"(  esac
}
if [[ $funcstack[1] == _export-emulator ]]; then
  _export_emulator "$@"
else
  compdef _export_emulator export-emulator
fi
)";
}

std::string FishScript() {
  std::string script =
      "# fish completion for export-emulator: save it as\n"
      "# ~/.config/fish/completions/export-emulator.fish\n"
      "complete -c export-emulator -f\n";
  for (const Command& command : Commands()) {
    const PreparedCommand prepared = command.prepare();
    const std::string name(command.name);
    script += "complete -c export-emulator -n __fish_use_subcommand -a " + name + " -d " +
              Quote(command.summary, Shell::kFish) + "\n";
    // Without a command it is `serve`.
    const std::string condition =
        name == "serve" ? "'__fish_use_subcommand; or __fish_seen_subcommand_from serve'"
                        : "'__fish_seen_subcommand_from " + name + "'";
    const std::string start = "complete -c export-emulator -n " + condition;
    for (const Setting& setting : SettingsOf(prepared.syntax)) {
      script += start + " -l " + std::string(setting.flag).substr(2);
      if (setting.TakesFile())
        script += " -r -F";
      else if (!setting.IsSwitch())
        script += " -x";
      if (!setting.parser.choices.empty())
        script += " -a " + Quote(Join(setting.parser.choices, " "), Shell::kFish);
      script += " -d " + Quote(setting.meaning, Shell::kFish) + "\n";
    }
    if (!OperandNames(prepared.syntax).empty())
      script += start + " -a " + Quote(OperandNames(prepared.syntax), Shell::kFish) + "\n";
    if (prepared.syntax.child_command ||
        (prepared.syntax.operand && prepared.syntax.operand->setting.TakesFile()))
      script += start + " -F\n";
  }
  return script +
         "complete -c export-emulator -s h -l help -d 'Print help'\n"
         "complete -c export-emulator -s V -l version -d 'Print the version'\n";
}

}  // namespace

Syntax CompletionSyntax(CompletionOptions& o) {
  return {
      .operand = Operand{
          {"SHELL", nullptr, "SHELL", "none", "bash, zsh or fish",
           ToChoice<Shell>(o.shell, "a shell",
                           {{"bash", Shell::kBash}, {"zsh", Shell::kZsh}, {"fish", Shell::kFish}})},
          /*is_required=*/true}};
}

std::string CompletionScript(Shell shell) {
  switch (shell) {
    case Shell::kBash:
      return BashScript();
    case Shell::kZsh:
      return ZshScript();
    case Shell::kFish:
      return FishScript();
  }
  return "";
}

int RunCompletion(const CompletionOptions& options) {
  std::cout << CompletionScript(options.shell);
  return kSuccess;
}

}  // namespace emulator::cli
