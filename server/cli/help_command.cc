#include "cli/help_command.h"

#include <iostream>
#include <vector>

#include "base/suggestions.h"
#include "base/text.h"
#include "cli/exit_codes.h"
#include "cli/help_text.h"
#include "cli/usage_error.h"
#include "cli/value_parsers.h"

namespace emulator::cli {

const Command& RequireCommand(const std::string& name) {
  if (const Command* command = FindCommand(name)) return *command;
  throw UsageError("\"" + ScrubControls(name) + "\": unknown command." +
                   DidYouMean(name, CommandNames()) +
                   (name.ends_with(".json") ? " To serve a file: --fixtures FILE." : "") +
                   " See `export-emulator --help`.");
}

Syntax HelpSyntax(HelpOptions& o) {
  ValueParser parser = ToText(o.command);
  parser.choices = CommandNames();
  return {.operand = Operand{{"COMMAND", nullptr, "COMMAND", "none", "A command", parser}}};
}

int RunHelp(const HelpOptions& options) {
  std::cout << (options.command.empty() ? ProgramHelp()
                                        : CommandHelp(RequireCommand(options.command)));
  return kSuccess;
}

}  // namespace emulator::cli
