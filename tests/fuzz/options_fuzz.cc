// Fuzzes the command line: an argument per line, the command first, without an environment.

#include "cli/command.h"
#include "cli/command_line.h"
#include "cli/exec_command.h"
#include "cli/healthcheck_command.h"
#include "cli/outcomes_command.h"
#include "cli/serve_command.h"
#include "cli/usage_error.h"
#include "cli/validate_command.h"
#include "cli/why_command.h"
#include "fuzz.h"

namespace emulator::cli {
namespace {

using Arguments = std::vector<std::string>;

std::string ToText(const std::optional<std::vector<fixtures::RateLimit>>& limits) {
  if (limits->empty()) return "off";
  return std::to_string(limits->front().calls) + "/" +
         std::to_string(limits->front().window.count());
}

// A command line that gives the same options, with every flag.
Arguments ToArguments(const EmulatorOptions& o) {
  static constexpr const char* kFormats[] = {"text", "json", "off"};
  static constexpr const char* kAccess[] = {"loopback", "open", "off"};
  Arguments line{"--host=" + o.listen.host,
                 "--port=" + std::to_string(o.listen.port),
                 std::string("--log=") + kFormats[static_cast<int>(o.log.format)],
                 "--edition=" + std::string(Name(o.behaviour.profile.edition)),
                 std::string("--control=") + kAccess[static_cast<int>(o.control.setting)],
                 "--sandbox-limit=" + std::to_string(o.control.sandbox_limit),
                 "--sandbox-idle=" + std::to_string(o.control.sandbox_idle.count()),
                 "--journal-bytes=" + std::to_string(o.control.journal_bytes)};
  const auto add = [&](const char* flag, const std::string& value) {
    if (!value.empty()) line.push_back(std::string(flag) + "=" + value);
  };
  const auto add_switch = [&](const char* flag, bool is_on) {
    if (is_on) line.push_back(flag);
  };
  add("--port-file", o.listen.port_file);
  add("--public-url", o.listen.public_url);
  if (o.tls.self_signed) line.push_back("--tls=self-signed");
  add("--tls-cert", o.tls.cert_file);
  add("--tls-key", o.tls.key_file);
  if (o.tls.port) add("--tls-port", std::to_string(*o.tls.port));
  for (const std::string& name : o.tls.names) add("--tls-name", name);
  add("--tls-ca-file", o.tls.ca_file);
  for (const std::string& source : o.fixtures.sources) add("--fixtures", source);
  add("--store", o.fixtures.store);
  if (o.fixtures.seed) add("--seed", std::to_string(*o.fixtures.seed));
  for (const std::string& name : world::AssumptionsOf(o.behaviour.profile)) add("--assume", name);
  if (o.behaviour.limits_for_all) add("--rate-limit", ToText(o.behaviour.limits_for_all));
  add("--issuer", o.behaviour.issuer);
  add("--signing-key", o.behaviour.signing_key);
  add_switch("--ignore-prefer", o.behaviour.ignore_prefer);
  add_switch("--quiet-headers", o.behaviour.quiet_headers);
  add_switch("--self-check", o.behaviour.self_check);
  add("--control-token", o.control.token);
  return line;
}

Arguments ToArguments(const ServeOptions& o) {
  Arguments line = ToArguments(o.emulator);
  if (o.watch) line.push_back("--watch");
  return line;
}

Arguments ToArguments(const ExecOptions& o) {
  Arguments line = ToArguments(o.emulator);
  if (!o.verify.empty()) line.push_back("--verify=" + o.verify);
  if (o.forbid_early_retry) line.push_back("--forbid-early-retry");
  line.push_back("--min-coverage=" + std::to_string(o.min_coverage));
  if (!o.report.empty()) line.push_back("--report=" + o.report);
  if (o.strict) line.push_back("--strict");
  for (const std::string& operation : o.cover) line.push_back("--cover=" + operation);
  line.push_back("--");
  line.insert(line.end(), o.arguments.begin(), o.arguments.end());
  return line;
}

Arguments ToArguments(const WhyOptions& o) {
  Arguments line{o.remote.url, "--last=" + std::to_string(o.last)};
  if (!o.remote.control_token.empty()) line.push_back("--control-token=" + o.remote.control_token);
  return line;
}

Arguments ToArguments(const HealthcheckOptions& o) {
  return {"--host=" + o.host, "--port=" + std::to_string(o.port),
          "--wait=" + std::to_string(o.wait.count())};
}

Arguments ToArguments(const OutcomesOptions& o) {
  Arguments line{"--url=" + o.url};
  if (!o.operation.empty()) line.push_back("--operation=" + o.operation);
  return line;
}

Arguments ToArguments(const ValidateOptions& o) {
  Arguments line{"--"};
  line.insert(line.end(), o.sources.begin(), o.sources.end());
  return line;
}

void CheckOptions(const ServeOptions& o) {
  const EmulatorOptions& emulator = o.emulator;
  Require(emulator.listen.port >= 0 && emulator.listen.port <= 65535, "a port is valid",
          std::to_string(emulator.listen.port));
  Require(!emulator.listen.host.empty(), "the host is not empty");
  for (const std::string& source : emulator.fixtures.sources)
    Require(!source.empty(), "a fixture source is not empty");
  if (emulator.behaviour.limits_for_all)
    for (const fixtures::RateLimit& limit : *emulator.behaviour.limits_for_all)
      Require(limit.calls >= 0 && limit.window.count() >= 1, "a rate limit is valid");
  Require(emulator.notices.empty(), "without variables there is no notice");
}
template <typename Options>
void CheckOptions(const Options&) {}

// Parses the arguments, writes the options as arguments, and parses those again.
template <typename Options, Syntax (*Describe)(Options&)>
void CheckRoundTrip(std::string_view command, const Arguments& arguments) {
  Options options;
  if (ParseCommandLine(command, arguments, Describe(options), {}).wants_help) return;
  CheckOptions(options);
  const Arguments line = ToArguments(options);
  std::string shown;
  for (const std::string& argument : line) shown += argument + "\n";
  try {
    Options again;
    ParseCommandLine(command, line, Describe(again), {});
    Require(ToArguments(again) == line, "options written as arguments are the same", shown);
  } catch (const UsageError& error) {
    Require(false, "options written as arguments are valid", shown + error.what());
  }
}

void Check(Arguments arguments) {
  const bool has_command = !arguments.empty() && FindCommand(arguments[0]);
  const std::string command = has_command ? arguments[0] : "serve";
  if (has_command) arguments.erase(arguments.begin());
  try {
    if (command == "serve") return CheckRoundTrip<ServeOptions, ServeSyntax>(command, arguments);
    if (command == "exec") return CheckRoundTrip<ExecOptions, ExecSyntax>(command, arguments);
    if (command == "why") return CheckRoundTrip<WhyOptions, WhySyntax>(command, arguments);
    if (command == "healthcheck")
      return CheckRoundTrip<HealthcheckOptions, HealthcheckSyntax>(command, arguments);
    if (command == "outcomes")
      return CheckRoundTrip<OutcomesOptions, OutcomesSyntax>(command, arguments);
    if (command == "validate")
      return CheckRoundTrip<ValidateOptions, ValidateSyntax>(command, arguments);
    const PreparedCommand prepared = FindCommand(command)->prepare();
    ParseCommandLine(command, arguments, prepared.syntax, {});
  } catch (const UsageError& error) {
    const std::string_view message(error.what());
    Require(message.ends_with('.') || message.ends_with('?'), "a message ends as a sentence",
            message);
  }
}

}  // namespace
}  // namespace emulator::cli

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::vector<std::string> arguments = emulator::Lines(emulator::Bytes(data, size));
  if (arguments.back().empty()) arguments.pop_back();  // after the last newline
  for (std::string& argument : arguments)
    argument.resize(std::min(argument.find('\0'), argument.size()));
  emulator::cli::Check(arguments);
  return 0;
}
