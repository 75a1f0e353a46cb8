// A command line, an argument a line, with no environment.

#include <stdlib.h>  // unsetenv
#include <unistd.h>

#include "cli/options.h"
#include "fuzz.h"

namespace emulator {
namespace {

cli::ParsedOptions Parse(const std::vector<std::string>& arguments) {
  std::vector<const char*> argv{"export-emulator"};
  for (const std::string& argument : arguments) argv.push_back(argument.c_str());
  return cli::ParseOptions(static_cast<int>(argv.size()), argv.data());
}

std::string Written(const std::optional<std::vector<fixtures::RateLimit>>& limits) {
  if (limits->empty()) return "off";
  return std::to_string(limits->front().calls) + "/" +
         std::to_string(limits->front().window.count());
}

// The command line that says the same with every flag.
std::vector<std::string> Written(const cli::Options& o) {
  const std::string host = "--host=" + o.host, port = "--port=" + std::to_string(o.port);
  switch (o.command) {
    case cli::Command::kExec:
    case cli::Command::kServe: {
      const bool is_exec = o.command == cli::Command::kExec;
      static constexpr const char* kFormats[] = {"text", "json", "off"};
      std::vector<std::string> line{is_exec ? "exec" : "serve", host, port,
                                    std::string("--log=") + kFormats[static_cast<int>(o.log)]};
      if (!o.port_file.empty()) line.push_back("--port-file=" + o.port_file);
      if (o.tls_self_signed) line.push_back("--tls=self-signed");
      if (!o.tls_cert.empty()) line.push_back("--tls-cert=" + o.tls_cert);
      if (!o.tls_key.empty()) line.push_back("--tls-key=" + o.tls_key);
      if (o.tls_port) line.push_back("--tls-port=" + std::to_string(*o.tls_port));
      for (const std::string& name : o.tls_names) line.push_back("--tls-name=" + name);
      if (!o.tls_ca_file.empty()) line.push_back("--tls-ca-file=" + o.tls_ca_file);
      if (!o.store.empty()) line.push_back("--store=" + o.store);
      for (const std::string& fixture : o.fixtures) line.push_back("--fixtures=" + fixture);
      if (o.limits_for_all) line.push_back("--rate-limit=" + Written(o.limits_for_all));
      if (o.ignore_prefer) line.push_back("--ignore-prefer");
      line.push_back("--journal-bytes=" + std::to_string(o.journal_bytes));
      if (o.quiet_headers) line.push_back("--quiet-headers");
      if (o.self_check) line.push_back("--self-check");
      line.push_back("--edition=" + std::string(Name(o.profile.edition)));
      for (const std::string& reading : world::AssumptionsOf(o.profile))
        line.push_back("--reading=" + reading);
      if (o.seed) line.push_back("--seed=" + std::to_string(*o.seed));
      if (o.watch) line.push_back("--watch");
      static constexpr const char* kWho[] = {"loopback", "open", "off"};
      line.push_back(std::string("--control=") + kWho[static_cast<int>(o.control)]);
      if (!o.control_token.empty()) line.push_back("--control-token=" + o.control_token);
      line.push_back("--sandbox-limit=" + std::to_string(o.sandbox_limit));
      line.push_back("--sandbox-idle=" + std::to_string(o.sandbox_idle.count()));
      if (!o.public_url.empty()) line.push_back("--public-url=" + o.public_url);
      if (!is_exec) return line;
      if (!o.verify.empty()) line.push_back("--verify=" + o.verify);
      if (o.forbid_early_retry) line.push_back("--forbid-early-retry");
      line.push_back("--min-coverage=" + std::to_string(o.min_coverage));
      if (!o.report.empty()) line.push_back("--report=" + o.report);
      if (o.strict) line.push_back("--strict");
      for (const std::string& operation : o.cover) line.push_back("--cover=" + operation);
      line.push_back("--");
      line.insert(line.end(), o.child.begin(), o.child.end());
      return line;
    }
    case cli::Command::kToken:
    case cli::Command::kWhy: {
      std::vector<std::string> line{"why", o.url, "--last=" + std::to_string(o.last)};
      if (!o.control_token.empty()) line.push_back("--control-token=" + o.control_token);
      return line;
    }
    case cli::Command::kValidate: {
      std::vector<std::string> line{"validate", "--"};
      line.insert(line.end(), o.fixtures.begin(), o.fixtures.end());
      return line;
    }
    case cli::Command::kHealthcheck:
      return {"healthcheck", host, port, "--wait=" + std::to_string(o.wait_seconds)};
    case cli::Command::kOutcomes:
      return o.operation.empty() ? std::vector<std::string>{"outcomes", "--url=" + o.url}
                                 : std::vector<std::string>{"outcomes", "--url=" + o.url,
                                                            "--operation=" + o.operation};
    case cli::Command::kDrift:
      return {"drift", "--", o.page};
    case cli::Command::kSchema:
      return {"schema"};
    case cli::Command::kWorld:
      return {"world"};
  }
  return {};
}

void CheckOptions(const cli::Options& o) {
  Require(o.port >= 0 && o.port <= 65535, "a port is one", std::to_string(o.port));
  Require(o.wait_seconds >= 0 && o.wait_seconds <= 3600, "a wait is bounded");
  Require(!o.host.empty() && !o.url.empty(), "what must have a value has one");
  for (const std::string& fixture : o.fixtures)
    Require(o.command == cli::Command::kValidate || !fixture.empty(), "a fixture has a name");
  if (o.limits_for_all)
    for (const fixtures::RateLimit& limit : *o.limits_for_all)
      Require(limit.calls >= 0 && limit.window.count() >= 1, "a limit is one");
  Require(o.notices.empty(), "without variables there is no notice");
}

void Check(const std::vector<std::string>& arguments) {
  try {
    const cli::ParsedOptions parsed = Parse(arguments);
    if (parsed.shown) return Require(!parsed.shown->text.empty(), "help is some");
    CheckOptions(parsed.options);
    const auto line = Written(parsed.options);
    std::string shown;
    for (const std::string& argument : line) shown += argument + "\n";
    try {
      Require(Written(Parse(line).options) == line, "options written out are the same", shown);
    } catch (const cli::UsageError& error) {
      Require(false, "options written out are taken", shown + error.what());
    }
  } catch (const cli::UsageError& error) {
    const std::string_view sentence(error.what());
    Require(sentence.ends_with('.') || sentence.ends_with('?'), "a refusal is a sentence",
            sentence);
  }
}

}  // namespace
}  // namespace emulator

extern "C" int LLVMFuzzerInitialize(int*, char***) {
  for (char** variable = environ; *variable;) {
    const std::string name = std::string(*variable).substr(0, std::string(*variable).find('='));
    if (name == "PORT" || name.starts_with("EXPORT_EMULATOR_"))
      unsetenv(name.c_str());  // moves the others up
    else
      ++variable;
  }
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::vector<std::string> arguments = emulator::Lines(emulator::Bytes(data, size));
  if (arguments.back().empty()) arguments.pop_back();  // the end of a text file
  for (std::string& argument : arguments)
    argument.resize(argument.find('\0') == std::string::npos ? argument.size()
                                                             : argument.find('\0'));
  emulator::Check(arguments);
  return 0;
}
