// A setting of a command as a row of a table, and the syntax of a command: its groups of settings
// and its arguments. The parser, help, man page, completions and docs read the same rows.
// Threads: values.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace emulator::cli {

// Parses a text into one member of a command's options, which must outlive it.
struct ValueParser {
  enum class Kind {
    kSingle,  // at most once
    kList,    // several times; a variable separates the values by ':'
    kSwitch,  // without a value, or with one of "=true", "=1", "=false", "=0"
  };
  // `place`: the flag or the variable, for messages. Throws UsageError.
  std::function<void(const std::string& place, const std::string& text)> parse;
  Kind kind = Kind::kSingle;
  std::vector<std::string> choices{};  // every valid text; empty: there are others
};

struct Setting {
  const char* flag;      // "--port"; for an operand its name in messages, "FILE"
  const char* variable;  // "EXPORT_EMULATOR_PORT"; nullptr: none
  const char* value;     // what help calls the value, "NUMBER"; nullptr for a switch
  const char* initial;   // the default, as help shows it
  const char* meaning;   // one line
  ValueParser parser;

  bool IsSwitch() const { return parser.kind == ValueParser::Kind::kSwitch; }
  bool IsList() const { return parser.kind == ValueParser::Kind::kList; }
  bool TakesFile() const { return value && std::string_view(value) == "FILE"; }
};

struct SettingGroup {
  const char* title;
  std::vector<Setting> settings;
};

// An argument without a flag. A list takes several.
struct Operand {
  Setting setting;
  bool is_required = false;
};

struct Syntax {
  std::vector<SettingGroup> groups{};
  std::optional<Operand> operand{};
  std::vector<std::string>* child_command = nullptr;  // gets the arguments after "--", if not null
  // Gets the notices about variables, if not null; else main prints them.
  std::vector<std::string>* notices = nullptr;
  std::function<void()> check{};  // throws UsageError if settings contradict each other
  std::string notes{};            // paragraphs at the end of help
};

}  // namespace emulator::cli
