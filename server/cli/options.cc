#include "cli/options.h"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdlib>

#include "api/operations.h"
#include "base/suggestions.h"
#include "cli/settings.h"

namespace emulator::cli {

namespace {

// Many platforms say by plain PORT where a program is to listen.
bool IsPort(const Setting& setting) {
  return std::string_view(setting.flag) == "--port";
}

std::string VariableName(const Setting& setting) {
  return std::string("EXPORT_EMULATOR_") + setting.variable;
}

std::optional<std::string> Variable(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  if (!value || !*value) return std::nullopt;
  return value;
}

std::vector<std::string> SplitList(const std::string& text) {
  std::vector<std::string> parts;
  for (size_t start = 0; start <= text.size();) {
    const size_t end = std::min(text.find(':', start), text.size());
    if (end > start) parts.push_back(text.substr(start, end - start));
    start = end + 1;
  }
  return parts;
}

// The variable of a setting whose flag was not given.
void ParseVariable(const Setting& setting, Options& options) {
  if (!setting.variable) return;
  std::string name = VariableName(setting);
  auto value = Variable(name);
  // Kubernetes puts EXPORT_EMULATOR_PORT=tcp://10.0.0.1:8080 into every pod beside a service of our
  // name: nobody meant it for us.
  if (value && value->starts_with("tcp://")) {
    options.notices.push_back(name + "=" + *value +
                              " looks like a Kubernetes service link and is ignored; "
                              "enableServiceLinks: false avoids it");
    value.reset();
  }
  if (!value && IsPort(setting)) {
    name = "PORT";
    value = Variable(name);
  }
  if (!value) return;
  if (!setting.repeatable) return setting.take(name, *value);
  for (const std::string& part : SplitList(*value)) setting.take(name, part);
}

// Variables that are nearly one of ours were meant for us. Others are not refused: Kubernetes makes
// some for every service of our name.
void NoticeMisspelt(Options& options) {
  std::vector<std::string> known;
  for (const auto& settings : {ServeSettings(options), ExecSettings(options)})
    for (const Setting& setting : settings)
      if (setting.variable) known.push_back(VariableName(setting));
  for (char** variable = environ; *variable; ++variable) {
    const std::string_view entry(*variable);
    const std::string name(entry.substr(0, entry.find('=')));
    if (!name.starts_with("EXPORT_EMULATOR_") ||
        std::find(known.begin(), known.end(), name) != known.end())
      continue;
    if (const std::string hint = DidYouMean(name, known); !hint.empty())
      options.notices.push_back("the variable " + name + " is not known and ignored." + hint);
  }
}

std::string Help(const Setting& setting) {
  std::string help = std::string(setting.meaning) + " (default: " + setting.initial + ")";
  if (!setting.variable) return help;
  return help + " [" + VariableName(setting) + (IsPort(setting) ? ", PORT]" : "]");
}

// A command of the program on its way through CLI11.
struct CommandLine {
  CLI::App* app = nullptr;
  std::vector<Setting> settings;
  std::vector<std::vector<std::string>> values;  // of the settings, as given
};

void AddSettings(CommandLine& line) {
  line.values.resize(line.settings.size());
  for (size_t i = 0; i < line.settings.size(); ++i) {
    const Setting& setting = line.settings[i];
    if (!setting.value) {
      line.app->add_flag(setting.flag, line.values[i], Help(setting));
      continue;
    }
    auto* option = line.app->add_option(setting.flag, line.values[i], Help(setting));
    option->type_name(setting.value);
    option->expected(1);
    option->allow_extra_args(false);
    option->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  }
}

std::string SeeHelp(const CLI::App& command) {
  const std::string name = command.get_parent() ? command.get_name() + " " : "";
  return " See `export-emulator " + name + "--help`.";
}

void ParseSettings(const CommandLine& line, Options& options) {
  for (size_t i = 0; i < line.settings.size(); ++i) {
    const Setting& setting = line.settings[i];
    const auto& values = line.values[i];
    const std::string flag = setting.flag;
    if (values.size() > 1 && !setting.repeatable)
      throw UsageError(flag + ": is given twice; give it once." + SeeHelp(*line.app));
    for (const std::string& value : values) {
      // CLI11 takes whatever follows a flag, also behind an empty `--flag=`, for its value.
      if (setting.value && value.starts_with("--"))
        throw UsageError(flag + ": its value, " + setting.value + ", is missing: \"" + value +
                         "\" is another flag." + SeeHelp(*line.app));
      setting.take(flag, value);
    }
    if (values.empty()) ParseVariable(setting, options);
  }
}

std::vector<std::string> Flags(const CLI::App& app) {
  std::vector<std::string> flags;
  for (const CLI::Option* option : app.get_options())
    if (!option->get_lnames().empty()) flags.push_back("--" + option->get_lnames().front());
  return flags;
}

// CLI11's sentence about an argument it does not know, with the one that was probably meant.
std::string Unexpected(const std::string& argument, const CLI::App& command) {
  const std::string name = argument.substr(0, argument.find('='));
  return "\"" + argument + "\" is not known to `" + command.get_name() + "`." +
         DidYouMean(name, Flags(command)) + SeeHelp(command);
}

std::string OperationsHelp() {
  std::string text = "Emulated operations:\n";
  for (const api::Operation& operation : api::Operations())
    text.append("  ")
        .append(operation.route.method)
        .append(" ")
        .append(operation.route.path)
        .append("\n");
  return text +
         "\nExit codes: 0 ok, 1 failed while running, 2 wrong usage or input, 3 the port is "
         "taken.\n"
         "`healthcheck` exits 0 or 1 only; `drift` 1 where there are differences; `exec` has codes "
         "of its own.";
}

std::string ExecHelp() {
  return "Usage: export-emulator exec [OPTIONS] -- COMMAND...\n\n"
         "The command finds EXPORT_API_URL and EMULATOR_URL, both where the emulator is, and\n"
         "EXPORT_TOKEN_NAME for each token that has a name; EXPORT_TOKEN is the first of them.\n"
         "With TLS also EMULATOR_TLS_URL and, with --tls-ca-file, EMULATOR_CA_FILE.\n\n"
         "Exit code: the command's own; when that is 0: 11 a verification is unmet, 12 an early\n"
         "retry, 13 too little coverage, 14 a request outside the contract. 125: nothing was\n"
         "started; 126, 127: the command could not be started, or found.";
}

// Cuts off what stands behind "--".
std::vector<std::string> ParseChildCommand(std::vector<std::string>& arguments) {
  const auto dashes = std::find(arguments.begin(), arguments.end(), "--");
  if (dashes == arguments.end()) return {};
  std::vector<std::string> child(dashes + 1, arguments.end());
  arguments.erase(dashes, arguments.end());
  return child;
}

void RefuseContradictions(const Options& options) {
  if (options.control == ControlSetting::kOff && !options.control_token.empty())
    throw UsageError(
        "--control off and --control-token contradict each other; give one of the two.");
}

void RefuseTlsContradictions(const Options& options) {
  if (options.tls_cert.empty() != options.tls_key.empty())
    throw UsageError(options.tls_key.empty()
                         ? "--tls-cert is given without --tls-key; give the key, too."
                         : "--tls-key is given without --tls-cert; give the certificate, too.");
  if (options.tls_self_signed && !options.tls_cert.empty())
    throw UsageError(
        "--tls self-signed and --tls-cert contradict each other; give one of the two.");
  if (!options.tls_self_signed && !options.tls_names.empty())
    throw UsageError(
        "--tls-name is for --tls self-signed; a certificate of --tls-cert has its names already.");
  if (!options.tls_self_signed && !options.tls_ca_file.empty())
    throw UsageError(
        "--tls-ca-file is for --tls self-signed; the CA of --tls-cert is not the emulator's.");
  if (options.tls_port && !SpeaksTls(options))
    throw UsageError(
        "--tls-port is given without TLS; add --tls self-signed, or --tls-cert and --tls-key.");
  if (options.tls_port && *options.tls_port != 0 && *options.tls_port == options.port)
    throw UsageError("--tls-port and --port are both " + std::to_string(options.port) +
                     "; give two ports.");
}

}  // namespace

ParsedOptions ParseOptions(int argc, const char* const* argv) {
  ParsedOptions parsed;
  Options& options = parsed.options;

  CLI::App app("Export Emulator: a local stand-in for the iTwin Platform Export API.",
               "export-emulator");
  app.set_version_flag("--version", std::string("export-emulator ") + EMULATOR_VERSION);
  app.footer(OperationsHelp());
  app.require_subcommand(1);

  CommandLine serve{app.add_subcommand("serve", "Serve the API (also without a command)"),
                    ServeSettings(options),
                    {}};
  CommandLine exec{
      app.add_subcommand("exec", "Run a command beside an emulator of its own, and judge it"),
      ExecSettings(options),
      {}};
  CommandLine why{
      app.add_subcommand("why", "Print why the newest requests were answered as they were"),
      WhySettings(options),
      {}};
  CommandLine token{
      app.add_subcommand("token", "Print an access token of a running emulator, or a broken one"),
      TokenSettings(options),
      {}};
  CommandLine outcomes{
      app.add_subcommand("outcomes", "Print a curl line for every outcome of the default world"),
      OutcomesSettings(options),
      {}};
  CommandLine healthcheck{
      app.add_subcommand("healthcheck", "Exit 0 when an emulator is ready, else 1"),
      HealthcheckSettings(options),
      {}};
  AddSettings(serve);
  AddSettings(exec);
  AddSettings(why);
  AddSettings(token);
  AddSettings(outcomes);
  AddSettings(healthcheck);
  CLI::App* const validate =
      app.add_subcommand("validate", "Check fixture files together, as `serve` would");
  std::vector<std::string> files;
  validate->add_option("FILE", files, "Fixture files, folders of them, or - for standard input")
      ->required();
  exec.app->footer(ExecHelp());
  std::string url;
  for (CLI::App* asking : {why.app, token.app})
    asking->add_option("URL", url,
                       "Where the emulator is, or one of its sandboxes (default: " + options.url +
                           ", or what exec tells its command) [EMULATOR_URL]");
  CLI::App* const drift = app.add_subcommand(
      "drift", "Tell what a saved page of the vendor's says otherwise than the emulator has it");
  std::string page;
  drift->add_option("PAGE", page, "Its text, a file, or - for standard input")->required();
  app.add_subcommand("schema", "Print the JSON Schema of fixture files");
  app.add_subcommand("world", "Print the default world: a fixture file to begin with");

  // CLI11 has no default command: `serve` is put in where the first argument is none.
  std::vector<std::string> arguments(argv + 1, argv + argc);
  const bool names_command = !arguments.empty() && !arguments[0].starts_with('-');
  const bool asks_program =
      !arguments.empty() &&
      (arguments[0] == "--help" || arguments[0] == "-h" || arguments[0] == "--version");
  if (!names_command && !asks_program) arguments.insert(arguments.begin(), "serve");
  if (names_command) {
    std::vector<std::string> commands;
    for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; }))
      commands.push_back(command->get_name());
    if (std::find(commands.begin(), commands.end(), arguments[0]) == commands.end())
      throw UsageError(
          "\"" + arguments[0] + "\" is no command." + DidYouMean(arguments[0], commands) +
          (arguments[0].ends_with(".json") ? " To serve a file: --fixtures FILE." : "") +
          " See `export-emulator --help`.");
  }

  if (arguments.front() == "exec") options.child = ParseChildCommand(arguments);

  // CLI11 takes "-hello" for -h and passes over "++".
  for (const std::string& argument : arguments)
    if (argument == "++" || (argument.size() > 2 && argument.starts_with("-h")))
      throw UsageError("\"" + argument + "\" is no flag. See `export-emulator --help`.");

  // CLI11 takes them from the back.
  std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
  const auto current = [&]() -> const CLI::App& {
    const auto used = app.get_subcommands();
    return used.empty() ? app : *used.front();
  };
  try {
    app.parse(reversed);
  } catch (const CLI::CallForHelp&) {
    // Behind a command its own help; else all there is.
    const auto detail =
        app.get_subcommands().empty() ? CLI::AppFormatMode::All : CLI::AppFormatMode::Normal;
    parsed.shown = HelpText{app.help("", detail)};
    return parsed;
  } catch (const CLI::CallForVersion& version) {
    parsed.shown = HelpText{std::string(version.what()) + "\n"};
    return parsed;
  } catch (const CLI::ExtrasError&) {
    const auto extras = app.remaining(true);
    throw UsageError(Unexpected(extras.empty() ? "" : extras.front(), current()));
  } catch (const CLI::ParseError& error) {
    throw UsageError(std::string(error.what()) + "." + SeeHelp(current()));
  }

  const auto take_url = [&] {
    if (!url.empty()) return ParseUrl(options.url, "URL", url);
    if (const auto told = Variable("EMULATOR_URL")) ParseUrl(options.url, "EMULATOR_URL", *told);
  };
  const std::string command = current().get_name();
  if (command == "serve") {
    ParseSettings(serve, options);
    NoticeMisspelt(options);
    RefuseContradictions(options);
    RefuseTlsContradictions(options);
  } else if (command == "exec") {
    options.command = Command::kExec;
    options.port = 0;
    options.log = LogFormat::kOff;
    if (options.child.empty())
      throw UsageError("exec: the command is missing: export-emulator exec -- COMMAND...");
    ParseSettings(exec, options);
    NoticeMisspelt(options);
    RefuseContradictions(options);
    RefuseTlsContradictions(options);
  } else if (command == "why") {
    options.command = Command::kWhy;
    take_url();
    ParseSettings(why, options);
  } else if (command == "token") {
    options.command = Command::kToken;
    take_url();
    ParseSettings(token, options);
  } else if (command == "validate") {
    options.command = Command::kValidate;
    for (const std::string& file : files) ParseText(options.fixtures.emplace_back(), "FILE", file);
  } else if (command == "drift") {
    options.command = Command::kDrift;
    ParseText(options.page, "PAGE", page);
  } else if (command == "outcomes") {
    options.command = Command::kOutcomes;
    ParseSettings(outcomes, options);
  } else if (command == "schema") {
    options.command = Command::kSchema;
  } else if (command == "world") {
    options.command = Command::kWorld;
  } else {
    options.command = Command::kHealthcheck;
    ParseSettings(healthcheck, options);
  }
  return parsed;
}

}  // namespace emulator::cli
