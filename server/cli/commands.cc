// The table of commands. A new command is a pair of files in this folder (x_command.h, .cc), and an
// include and a row here.

#include "cli/command.h"
#include "cli/completion_command.h"
#include "cli/drift_command.h"
#include "cli/exec_command.h"
#include "cli/exit_codes.h"
#include "cli/healthcheck_command.h"
#include "cli/help_command.h"
#include "cli/man_command.h"
#include "cli/outcomes_command.h"
#include "cli/schema_command.h"
#include "cli/serve_command.h"
#include "cli/token_command.h"
#include "cli/validate_command.h"
#include "cli/version_command.h"
#include "cli/why_command.h"
#include "cli/world_command.h"

namespace emulator::cli {

namespace {

constexpr Command kCommands[] = {
    {"serve", "Serve the API (the default command)", Prepare<ServeOptions, ServeSyntax, RunServe>},
    {"exec", "Run a command with its own emulator, then check its requests",
     Prepare<ExecOptions, ExecSyntax, RunExec>, kNothingStarted},
    {"why", "Explain the responses to the newest requests", Prepare<WhyOptions, WhySyntax, RunWhy>},
    {"token", "Print an access token of a running emulator, valid or defective",
     Prepare<TokenOptions, TokenSyntax, RunToken>},
    {"outcomes", "Print a curl command for each outcome of the default world",
     Prepare<OutcomesOptions, OutcomesSyntax, RunOutcomes>},
    {"validate", "Check fixture files together, as serve does",
     Prepare<ValidateOptions, ValidateSyntax, RunValidate>},
    // Container engines reserve the exit codes above 1.
    {"healthcheck", "Exit 0 if an emulator is ready, else 1",
     Prepare<HealthcheckOptions, HealthcheckSyntax, RunHealthcheck>, kFailure},
    {"drift", "Compare a saved page of the vendor with the contract",
     Prepare<DriftOptions, DriftSyntax, RunDrift>},
    {"schema", "Print the JSON Schema of fixture files", Prepare<NoOptions, NoSyntax, RunSchema>},
    {"world", "Print the default world, a fixture file to start from",
     Prepare<NoOptions, NoSyntax, RunWorld>},
    {"completion", "Print a completion script for a shell",
     Prepare<CompletionOptions, CompletionSyntax, RunCompletion>},
    {"man", "Print the manual page", Prepare<NoOptions, NoSyntax, RunMan>},
    {"help", "Print the help of the program or of a command",
     Prepare<HelpOptions, HelpSyntax, RunHelp>},
    {"version", "Print the version", Prepare<NoOptions, NoSyntax, RunVersion>},
};

}  // namespace

std::span<const Command> Commands() {
  return kCommands;
}

std::vector<std::string> CommandNames() {
  std::vector<std::string> names;
  for (const Command& command : kCommands) names.emplace_back(command.name);
  return names;
}

const Command* FindCommand(std::string_view name) {
  for (const Command& command : kCommands)
    if (command.name == name) return &command;
  return nullptr;
}

std::vector<std::string> KnownVariables() {
  std::vector<std::string> names{"EXPORT_EMULATOR_TLS_URL", "EXPORT_EMULATOR_CA_FILE"};
  const auto add = [&](const Setting& setting) {
    if (setting.variable) names.emplace_back(setting.variable);
  };
  for (const Command& command : kCommands) {
    const PreparedCommand prepared = command.prepare();
    for (const SettingGroup& group : prepared.syntax.groups)
      for (const Setting& setting : group.settings) add(setting);
    if (prepared.syntax.operand) add(prepared.syntax.operand->setting);
  }
  return names;
}

}  // namespace emulator::cli
