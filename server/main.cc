// Export Emulator. Read this file first: it finds the command in the table cli/commands.cc, parses
// the command line and runs the command. Then cli/running_emulator.cc, which builds the server;
// emulator.cc, which answers a request; api/service.cc, the gates of the vendor's API;
// api/errors.h, the error bodies; api/operations.cc, the operations.

#include <csignal>
#include <exception>
#include <iostream>
#include <string>
#include <vector>

#include "cli/child_process.h"
#include "cli/command.h"
#include "cli/command_line.h"
#include "cli/descriptors.h"
#include "cli/exit_codes.h"
#include "cli/help_command.h"
#include "cli/help_text.h"
#include "cli/usage_error.h"
#include "crypto/pem.h"
#include "fixtures/fixture_file.h"
#include "http/server/listener.h"

namespace emulator::cli {
namespace {

// Takes the name of the command from the arguments. The default is `serve`.
const Command& TakeCommand(std::vector<std::string>& arguments) {
  if (arguments.empty()) return RequireCommand("serve");
  const std::string first = arguments[0];
  const bool is_help = first == "--help" || first == "-h";
  const bool is_version = first == "--version" || first == "-V";
  if (first.starts_with('-') && !is_help && !is_version) return RequireCommand("serve");
  arguments.erase(arguments.begin());
  return RequireCommand(is_help ? "help" : is_version ? "version" : first);
}

int Run(const Command& command, const std::vector<std::string>& arguments) {
  const PreparedCommand prepared = command.prepare();
  const CommandLine line = ParseCommandLine(command.name, arguments, prepared.syntax,
                                            ReadEnvironment(), KnownVariables());
  for (const std::string& notice : line.notices) std::cerr << "notice: " << notice << "\n";
  if (!line.wants_help) return prepared.run();
  std::cout << CommandHelp(command);
  return kSuccess;
}

int Main(std::vector<std::string> arguments) {
  const Command* command = nullptr;
  const auto fail = [&](const std::string& message, int code) {
    std::cerr << "export-emulator: " << message << "\n";
    return command && command->failure_code != 0 ? command->failure_code : code;
  };
  try {
    command = &TakeCommand(arguments);
    return Run(*command, arguments);
  } catch (const NotStarted& error) {
    std::cerr << "export-emulator: " << error.message << "\n";
    return error.code;
  } catch (const UsageError& error) {
    return fail(error.what(), kBadInput);
  } catch (const fixtures::FixtureError& error) {
    return fail(error.what(), kBadInput);
  } catch (const crypto::PemError& error) {
    return fail(error.what(), kBadInput);
  } catch (const http::server::PortTakenError& error) {
    return fail(error.what(), kPortTaken);
  } catch (const std::exception& error) {
    return fail(error.what(), kFailure);
  }
}

}  // namespace
}  // namespace emulator::cli

int main(int argc, char** argv) {
  emulator::cli::ReserveStdio();
  std::signal(SIGPIPE, SIG_IGN);  // a write to a closed pipe reports the error
  return emulator::cli::Main({argv + 1, argv + argc});
}
