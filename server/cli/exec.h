// `export-emulator exec`: what its command is given, and how the command and its clients did.
// Threads: one.
#pragma once

#include <string>
#include <vector>

#include "cli/child_process.h"
#include "cli/options.h"
#include "diagnosis/report.h"
#include "diagnosis/verification.h"
#include "fixtures/fixture_file.h"

namespace emulator::cli {

// Of --verify; empty where there is none. Throws UsageError with all that is wrong with the file.
std::vector<diagnosis::Verification> ReadVerifications(const Options& options);

// EXPORT_API_URL and EMULATOR_URL, and the tokens that have a name: EXPORT_TOKEN_NAME, in capitals,
// with '_' for what is no letter or digit; EXPORT_TOKEN is the first of all. Where two come to one
// variable, the first has it. EMULATOR_TLS_URL, unless `tls_url` is empty; EMULATOR_CA_FILE, with
// its whole path, unless `ca_file` is.
ChildProcess::Variables ExecVariables(const std::string& url, const std::string& tls_url,
                                      const std::string& ca_file,
                                      const fixtures::FixtureSet& fixtures);

// Prints the report on standard error, writes it to --report, and gives the exit code: the
// command's own or, when that is 0, what the options ask for.
int FinishExec(const Options& options, const diagnosis::Report& report, int exit_code);

}  // namespace emulator::cli
