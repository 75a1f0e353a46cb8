#include "cli/exec_command.h"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <iostream>
#include <set>

#include "base/file_io.h"
#include "base/text.h"
#include "cli/exit_codes.h"
#include "cli/running_emulator.h"
#include "cli/settings.h"
#include "cli/signals.h"
#include "cli/usage_error.h"
#include "cli/value_parsers.h"

namespace emulator::cli {

namespace {

std::string TokenVariable(const std::string& name) {
  std::string variable = "EXPORT_TOKEN_";
  for (const char c : name)
    variable +=
        IsLetterOrDigit(c) ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : '_';
  return variable;
}

std::string ExitCodeLines(int least, int most) {
  std::string lines;
  for (const ExitCodeRow& row : kExitCodes)
    if (row.code >= least && row.code <= most)
      lines += "  " + std::to_string(row.code) + (row.code < 100 ? "   " : "  ") +
               std::string(row.meaning).substr(std::string_view("exec: ").size()) + "\n";
  return lines;
}

std::string Notes() {
  return "Variables of the command: EXPORT_API_URL and EXPORT_EMULATOR_URL, the emulator's URL;\n"
         "EXPORT_TOKEN_NAME for each token with a name; EXPORT_TOKEN for the first token; with "
         "TLS\n"
         "EXPORT_EMULATOR_TLS_URL and, with --tls-ca-file, EXPORT_EMULATOR_CA_FILE.\n\n"
         "The exit code is that of the command. If it is 0 and a check fails:\n" +
         ExitCodeLines(kClaimFailed, kOutsideContract) + "If the command does not run:\n" +
         ExitCodeLines(kNothingStarted, kCommandNotFound);
}

SettingGroup CheckSettings(ExecOptions& o) {
  return {"Checks",
          {{"--verify", "EXPORT_EMULATOR_VERIFY", "FILE", "none",
            "Check these verifications, as for POST /_emulator/verify", ToText(o.verify)},
           {"--forbid-early-retry", "EXPORT_EMULATOR_FORBID_EARLY_RETRY", nullptr, "false",
            "Fail if a client retries before retry-after is over", ToSwitch(o.forbid_early_retry)},
           {"--min-coverage", "EXPORT_EMULATOR_MIN_COVERAGE", "PERCENT", "0",
            "Fail if fewer documented outcomes occur", ToNumber(o.min_coverage, 0, 100)},
           {"--strict", "EXPORT_EMULATOR_STRICT", nullptr, "false",
            "Fail if a request is outside the contract", ToSwitch(o.strict)},
           {"--cover", "EXPORT_EMULATOR_COVER", "NAME", "all",
            "Count outcomes of this operation only; repeatable", ToOperations(o.cover)},
           {"--report", "EXPORT_EMULATOR_REPORT", "FILE", "none",
            "Write the report to this file, as JSON", ToText(o.report)}}};
}

// Prints the report on standard error and writes it to the file of --report, if there is one.
// Returns false if that fails.
bool WriteReport(const std::string& file, const diagnosis::Report& report, int command_code) {
  std::cerr << report.Text() << std::flush;
  if (file.empty()) return true;
  try {
    WriteFile(file, report.Json(command_code), "the report");
    return true;
  } catch (const std::exception& error) {
    std::cerr << "export-emulator: " << error.what() << "\n";
    return false;
  }
}

}  // namespace

ExecOptions::ExecOptions() {
  emulator.listen.port = 0;
  emulator.tls.default_port = 0;
  emulator.log.format = LogFormat::kOff;
}

Syntax ExecSyntax(ExecOptions& o) {
  EmulatorOptions& emulator = o.emulator;
  return {
      .groups = {ListenSettings(emulator.listen, PortVariables::kIgnore),
                 TlsSettings(emulator.tls, PortVariables::kIgnore),
                 FixtureSettings(emulator.fixtures), BehaviourSettings(emulator.behaviour),
                 ControlSettings(emulator.control), LogSettings(emulator.log), CheckSettings(o)},
      .child_command = &o.arguments,
      .notices = &emulator.notices,
      .check = [&emulator] { CheckEmulatorOptions(emulator); },
      .notes = AssumptionsNote() + "\n" + Notes()};
}

std::vector<diagnosis::Verification> ReadVerifications(const std::string& file) {
  if (file.empty()) return {};
  std::string text;
  try {
    text = ReadFile(file);
  } catch (const std::exception& error) {
    throw UsageError(std::string("--verify: ") + error.what());
  }
  std::vector<std::string> errors;
  auto verifications = diagnosis::ReadVerificationText(text, errors);
  if (errors.empty()) return verifications;
  for (std::string& error : errors) error = file + ": " + error;
  throw UsageError(Join(errors, "\n"));
}

ChildProcess::Variables ExecVariables(const std::string& url, const std::string& tls_url,
                                      const std::string& ca_file,
                                      const fixtures::FixtureSet& fixtures) {
  ChildProcess::Variables variables{{"EXPORT_API_URL", url}, {"EXPORT_EMULATOR_URL", url}};
  if (!tls_url.empty()) variables.emplace_back("EXPORT_EMULATOR_TLS_URL", tls_url);
  if (!ca_file.empty())
    variables.emplace_back("EXPORT_EMULATOR_CA_FILE", std::filesystem::absolute(ca_file).string());
  std::set<std::string> names;
  const auto add = [&](const std::string& name, const std::string& value) {
    if (names.insert(name).second) variables.emplace_back(name, value);
  };
  for (const auto& item : fixtures.tokens.items) {
    add("EXPORT_TOKEN", item.row.token);
    if (!item.row.name.empty()) add(TokenVariable(item.row.name), item.row.token);
  }
  return variables;
}

int ExecExitCode(const ExecOptions& options, const diagnosis::Report& report, int command_code) {
  if (command_code != 0) return command_code;
  if (report.violations() > 0) return kFailure;
  if (report.IsUnmet()) return kClaimFailed;
  if (options.forbid_early_retry && report.early_retries() > 0) return kEarlyRetry;
  if (report.coverage_percent() < static_cast<uint64_t>(options.min_coverage)) return kLowCoverage;
  return options.strict && report.outside_contract() > 0 ? kOutsideContract : kSuccess;
}

int RunExec(const ExecOptions& options) {
  Signals signals(Signals::Purpose::kPassOn);
  const auto verifications = ReadVerifications(options.verify);
  RunningEmulator emulator(options.emulator, signals);
  emulator.worlds().journals().KeepAll();
  emulator.Start();

  const HttpsEndpoint* https = emulator.https();
  ChildProcess child(options.arguments,
                     ExecVariables(emulator.url(), https ? https->listener().url() : "",
                                   options.emulator.tls.ca_file,
                                   emulator.worlds().Default()->fixtures.Read()->ReadAll()));
  const int command_code = child.Wait(signals);

  emulator.Stop();
  const diagnosis::Report report(emulator.worlds().journals().All(), verifications, options.cover);
  if (!WriteReport(options.report, report, command_code) && command_code == 0) return kFailure;
  return ExecExitCode(options, report, command_code);
}

}  // namespace emulator::cli
