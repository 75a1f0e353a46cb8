// `export-emulator exec`: runs a command with an emulator of its own, then reports on its requests.
// Threads: one.
#pragma once

#include <string>
#include <vector>

#include "cli/child_process.h"
#include "cli/options.h"
#include "cli/setting.h"
#include "diagnosis/report.h"
#include "diagnosis/verification.h"
#include "fixtures/fixture_file.h"

namespace emulator::cli {

struct ExecOptions {
  ExecOptions();

  EmulatorOptions emulator;  // with free ports and no log
  std::string verify;        // a file of verifications; empty: none
  bool forbid_early_retry = false;
  int min_coverage = 0;                // percent
  bool strict = false;                 // a request outside the contract is a failure
  std::vector<std::string> cover;      // operations whose coverage counts; empty: all
  std::string report;                  // a file to write; empty: none
  std::vector<std::string> arguments;  // the command and its arguments
};
Syntax ExecSyntax(ExecOptions& options);
// Returns the exit code of the command or, if that is 0, of the first check that failed.
int RunExec(const ExecOptions& options);

// Reads the file of --verify. Throws UsageError with every error of the file.
std::vector<diagnosis::Verification> ReadVerifications(const std::string& file);

// The variables for the command: EXPORT_API_URL and EXPORT_EMULATOR_URL; EXPORT_EMULATOR_TLS_URL
// unless `tls_url` is empty; EXPORT_EMULATOR_CA_FILE, absolute, unless `ca_file` is empty;
// EXPORT_TOKEN_NAME for each token with a name, in capitals and with '_' for other characters than
// letters and digits; EXPORT_TOKEN for the first token. If two tokens get the same variable, the
// first token wins.
ChildProcess::Variables ExecVariables(const std::string& url, const std::string& tls_url,
                                      const std::string& ca_file,
                                      const fixtures::FixtureSet& fixtures);

// The exit code of `exec` for that of its command.
int ExecExitCode(const ExecOptions& options, const diagnosis::Report& report, int command_code);

}  // namespace emulator::cli
