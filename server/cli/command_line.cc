#include "cli/command_line.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <map>

#include "base/suggestions.h"
#include "base/text.h"
#include "cli/usage_error.h"

namespace emulator::cli {

namespace {

constexpr std::string_view kPrefix = "EXPORT_EMULATOR_";

struct Renamed {
  std::string_view before, now;
};
constexpr Renamed kRenamed[] = {
    {"--reading", "--assume"},
    {"EXPORT_EMULATOR_READING", "EXPORT_EMULATOR_ASSUME"},
    {"EMULATOR_URL", "EXPORT_EMULATOR_URL"},
    {"EMULATOR_TLS_URL", "EXPORT_EMULATOR_TLS_URL"},
    {"EMULATOR_CA_FILE", "EXPORT_EMULATOR_CA_FILE"},
};

// ` Did you mean "--assume"?`, or an empty text.
std::string Suggestion(std::string_view name, const std::vector<std::string>& names) {
  for (const Renamed& renamed : kRenamed)
    if (name == renamed.before && std::count(names.begin(), names.end(), renamed.now) > 0)
      return " Did you mean " + Quoted(renamed.now) + "?";
  return DidYouMean(name, names);
}

std::string SeeHelp(std::string_view command) {
  return " See `export-emulator " + std::string(command) + " --help`.";
}

// Platforms set the plain variable PORT to say where a program has to listen.
bool IsPort(const Setting& setting) {
  return std::string_view(setting.variable) == "EXPORT_EMULATOR_PORT";
}

// The settings of one command line, with the values that were given for them.
class Parser {
 public:
  Parser(std::string_view command, const Syntax& syntax) : command_(command), syntax_(syntax) {
    for (const SettingGroup& group : syntax.groups)
      for (const Setting& setting : group.settings) settings_.push_back(&setting);
  }

  // Sorts the arguments by setting. False if the user requests help.
  bool ReadArguments(const std::vector<std::string>& arguments) {
    bool only_operands = false;
    for (size_t i = 0; i < arguments.size(); ++i) {
      const std::string& argument = arguments[i];
      if (!only_operands && argument == "--") {
        if (syntax_.child_command) {
          syntax_.child_command->assign(
              std::next(arguments.begin(), static_cast<std::ptrdiff_t>(i) + 1), arguments.end());
          break;
        }
        only_operands = true;
      } else if (!only_operands && (argument == "--help" || argument == "-h")) {
        return false;
      } else if (only_operands || argument == "-" || !argument.starts_with('-')) {
        ReadOperand(argument);
      } else {
        i += ReadFlag(argument, i + 1 < arguments.size() ? &arguments[i + 1] : nullptr);
      }
    }
    return true;
  }

  // Parses the values that were given, else the variables, and returns notices about variables.
  std::vector<std::string> Apply(const Environment& environment) {
    std::vector<std::string> notices;
    for (const Setting* setting : settings_) ApplySetting(*setting, environment, notices);
    if (syntax_.operand) {
      const Setting& operand = syntax_.operand->setting;
      if (syntax_.operand->is_required && values_[&operand].empty())
        Fail("the argument " + std::string(operand.flag) + " is missing.");
      ApplySetting(operand, environment, notices);
    }
    if (syntax_.child_command && syntax_.child_command->empty())
      throw UsageError(std::string(command_) + ": the command is missing: export-emulator " +
                       std::string(command_) + " -- COMMAND...");
    return notices;
  }

 private:
  [[noreturn]] void Fail(const std::string& message) const {
    throw UsageError(std::string(command_) + ": " + message + SeeHelp(command_));
  }

  // Returns how many of the arguments after it belong to the flag: 0 or 1.
  size_t ReadFlag(const std::string& argument, const std::string* next) {
    const size_t equals = std::min(argument.find('='), argument.size());
    const std::string flag = argument.substr(0, equals);  // without the value: it may be a secret
    const auto found = std::find_if(settings_.begin(), settings_.end(),
                                    [&](const Setting* setting) { return setting->flag == flag; });
    if (found == settings_.end())
      throw UsageError(ScrubControls(flag) + ": unknown option." +
                       Suggestion(flag, FlagNames(syntax_)) + SeeHelp(command_));
    const Setting& setting = **found;
    std::vector<std::string>& values = values_[&setting];
    const bool has_value = equals < argument.size();
    if (!values.empty() && !setting.IsList())
      throw UsageError(flag + ": is given twice. Give it once." + SeeHelp(command_));
    if (has_value) {
      values.push_back(argument.substr(equals + 1));
      return 0;
    }
    if (setting.IsSwitch()) {
      values.emplace_back("true");
      return 0;
    }
    if (!next || next->starts_with("--"))
      throw UsageError(flag + ": its value, " + setting.value + ", is missing." +
                       SeeHelp(command_));
    values.push_back(*next);
    return 1;
  }

  void ReadOperand(const std::string& argument) {
    if (syntax_.operand) {
      std::vector<std::string>& values = values_[&syntax_.operand->setting];
      if (values.empty() || syntax_.operand->setting.IsList()) {
        values.push_back(argument);
        return;
      }
    }
    throw UsageError("\"" + ScrubControls(argument) + "\": unexpected argument." +
                     (syntax_.child_command ? " The command follows \"--\": export-emulator " +
                                                  std::string(command_) + " -- COMMAND..."
                                            : SeeHelp(command_)));
  }

  void ApplySetting(const Setting& setting, const Environment& environment,
                    std::vector<std::string>& notices) {
    const std::vector<std::string>& values = values_[&setting];
    for (const std::string& value : values) setting.parser.parse(setting.flag, value);
    if (!values.empty() || !setting.variable) return;
    std::string name = setting.variable;
    auto variable = environment.find(name);
    // Kubernetes sets EXPORT_EMULATOR_PORT=tcp://10.0.0.1:8080 in every pod if a service has the
    // name of the emulator. The variable is not meant for the emulator.
    if (variable != environment.end() && variable->second.starts_with("tcp://")) {
      notices.push_back(name + "=" + ScrubControls(variable->second) +
                        " looks like a Kubernetes service link and is ignored. "
                        "enableServiceLinks: false avoids it.");
      variable = environment.end();
    }
    if (variable == environment.end() && IsPort(setting)) {
      name = "PORT";
      variable = environment.find(name);
    }
    if (variable == environment.end()) return NoticeRenamed(setting, environment, notices);
    if (!setting.IsList()) return setting.parser.parse(name, variable->second);
    for (const std::string_view part : Split(variable->second, ':'))
      setting.parser.parse(name, std::string(part));
  }

  static void NoticeRenamed(const Setting& setting, const Environment& environment,
                            std::vector<std::string>& notices) {
    for (const Renamed& renamed : kRenamed)
      if (renamed.now == setting.variable && environment.contains(std::string(renamed.before)))
        notices.push_back("the variable " + std::string(renamed.before) +
                          " is unknown and ignored. Did you mean " + Quoted(renamed.now) + "?");
  }

  const std::string_view command_;
  const Syntax& syntax_;
  std::vector<const Setting*> settings_;
  std::map<const Setting*, std::vector<std::string>> values_;
};

// A variable that is close to one of ours is probably a misspelt setting. Others are no error:
// Kubernetes sets some for every service of our name.
void NoticeMisspelt(const Environment& environment, const std::vector<std::string>& known,
                    std::vector<std::string>& notices) {
  for (const auto& [name, _] : environment) {
    if (!name.starts_with(kPrefix) || std::count(known.begin(), known.end(), name) > 0) continue;
    if (const std::string hint = DidYouMean(name, known); !hint.empty())
      notices.push_back("the variable " + name + " is unknown and ignored." + hint);
  }
}

}  // namespace

std::vector<std::string> FlagNames(const Syntax& syntax) {
  std::vector<std::string> flags;
  for (const SettingGroup& group : syntax.groups)
    for (const Setting& setting : group.settings) flags.emplace_back(setting.flag);
  flags.emplace_back("--help");
  return flags;
}

CommandLine ParseCommandLine(std::string_view command, const std::vector<std::string>& arguments,
                             const Syntax& syntax, const Environment& environment,
                             const std::vector<std::string>& known_variables) {
  Parser parser(command, syntax);
  if (!parser.ReadArguments(arguments)) return {.wants_help = true};
  CommandLine line{.notices = parser.Apply(environment)};
  if (syntax.check) syntax.check();
  if (!syntax.notices) return line;
  std::vector<std::string> known = known_variables;
  for (const SettingGroup& group : syntax.groups)
    for (const Setting& setting : group.settings)
      if (setting.variable) known.emplace_back(setting.variable);
  NoticeMisspelt(environment, known, line.notices);
  *syntax.notices = std::move(line.notices);
  line.notices.clear();
  return line;
}

}  // namespace emulator::cli
