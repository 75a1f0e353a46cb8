#include "options.h"

#include <CLI/CLI.hpp>
#include <array>
#include <charconv>
#include <cstdlib>
#include <functional>

#include "api/operations.h"
#include "world/nearest_name.h"

namespace emulator {

namespace {

// A whole number within bounds; nullopt when the text is none.
std::optional<int64_t> Number(std::string_view text, int64_t least, int64_t most) {
  int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number < least || number > most)
    return std::nullopt;
  return number;
}

[[noreturn]] void Refuse(const std::string& place, const std::string& value,
                         const std::string& wanted, const std::string& hint = "") {
  throw UsageError(place + ": \"" + value + "\" is not " + wanted + "." + hint);
}

// One setting of a command. Values reach `take` with the place they came from, for its sentence.
struct Setting {
  const char* flag;
  const char* variable;  // behind EXPORT_EMULATOR_
  const char* value;     // what --help calls it; nullptr: a switch, given without one
  const char* initial;   // the default, for --help
  const char* meaning;
  bool repeatable;
  std::function<void(const std::string& place, const std::string& value)> take;
};

void TakePort(Options& options, const std::string& place, const std::string& value) {
  const auto port = Number(value, 0, 65535);
  if (!port) Refuse(place, value, "a port: a whole number from 0 (a free one) to 65535");
  options.port = static_cast<int>(*port);
}

// "off", or LIMIT/SECONDS.
void TakeRateLimit(Options& options, const std::string& place, const std::string& value) {
  if (value == "off") {
    options.limits_for_all.emplace();
    return;
  }
  const size_t slash = value.find('/');
  const auto calls = Number(value.substr(0, slash), 0, 1'000'000'000);
  const auto seconds =
      slash == std::string::npos ? std::nullopt : Number(value.substr(slash + 1), 1, 31'536'000);
  if (!calls || !seconds)
    Refuse(place, value, "a rate limit: \"off\", or CALLS/SECONDS such as 100/60");
  options.limits_for_all = {{*calls, std::chrono::seconds(*seconds)}};
}

void TakeLog(Options& options, const std::string& place, const std::string& value) {
  if (value == "text")
    options.log = LogFormat::kText;
  else if (value == "json")
    options.log = LogFormat::kJson;
  else if (value == "off")
    options.log = LogFormat::kOff;
  else
    Refuse(place, value, "a log format: text, json or off", DidYouMean(value, {"text", "json"}));
}

void TakeText(std::string& to, const std::string& place, const std::string& value) {
  if (value.empty()) throw UsageError(place + ": is empty; give it a value or leave it out.");
  to = value;
}

// What may stand unquoted in the curl line that it becomes a part of.
void TakeUrl(std::string& to, const std::string& place, const std::string& value) {
  constexpr std::string_view kPlain =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:/[]%";
  TakeText(to, place, value);
  const bool has_scheme = value.starts_with("http://") || value.starts_with("https://");
  if (!has_scheme || value.find_first_not_of(kPlain) != std::string::npos)
    Refuse(place, value, "the URL of an emulator, such as http://localhost:8080");
}

// A flag without a value comes in as "true".
void TakeSwitch(bool& to, const std::string& place, const std::string& value) {
  if (value != "true" && value != "1" && value != "false" && value != "0")
    Refuse(place, value, "a switch: true or 1, false or 0");
  to = value == "true" || value == "1";
}

int64_t TakeNumber(const std::string& place, const std::string& value, int64_t least,
                   int64_t most) {
  const auto number = Number(value, least, most);
  if (!number)
    Refuse(place, value,
           "a whole number from " + std::to_string(least) + " to " + std::to_string(most));
  return *number;
}

void TakeControl(Options& options, const std::string& place, const std::string& value) {
  if (value == "loopback")
    options.control = ControlSetting::kLoopback;
  else if (value == "open")
    options.control = ControlSetting::kOpen;
  else if (value == "off")
    options.control = ControlSetting::kOff;
  else
    Refuse(place, value, "a choice of who may call: loopback, open or off",
           DidYouMean(value, {"loopback", "open", "off"}));
}

// A secret: the sentence does not show it.
void TakeControlToken(Options& options, const std::string& place, const std::string& value) {
  TakeText(options.control_token, place, value);
  const auto visible = [](char c) { return c > ' ' && c < '\x7f'; };
  if (!std::all_of(value.begin(), value.end(), visible))
    throw UsageError(place + ": is no token; give it visible ASCII characters without spaces.");
}

Setting HostSetting(Options& o, const char* meaning) {
  return {"--host", "HOST", "ADDRESS", "localhost", meaning, false, [&](auto& place, auto& value) {
            TakeText(o.host, place, value);
          }};
}
Setting PortSetting(Options& o, const char* meaning) {
  return {"--port", "PORT", "NUMBER", "8080", meaning, false, [&](auto& place, auto& value) {
            TakePort(o, place, value);
          }};
}

std::vector<Setting> ServeSettings(Options& o) {
  return {
      HostSetting(o, "Where to listen; localhost is 127.0.0.1 and ::1"),
      PortSetting(o, "The port; 0 takes a free one"),
      {"--port-file", "PORT_FILE", "FILE", "none",
       "Write the port to this file once connections are accepted", false,
       [&](auto& place, auto& value) { TakeText(o.port_file, place, value); }},
      {"--fixtures", "FIXTURES", "FILE", "the default world",
       "A fixture file, a folder of them, or - for standard input, in place of the default world; "
       "may be given several times (the variable: separated by ':')",
       true, [&](auto& place, auto& value) { TakeText(o.fixtures.emplace_back(), place, value); }},
      {"--store", "STORE", "FILE", "in memory",
       "Keep the fixtures in this SQLite file: seeded when new, kept afterwards", false,
       [&](auto& place, auto& value) { TakeText(o.store, place, value); }},
      {"--watch", "WATCH", nullptr, "false",
       "Load the fixtures again when their files change, as SIGHUP does", false,
       [&](auto& place, auto& value) { TakeSwitch(o.watch, place, value); }},
      {"--rate-limit", "RATE_LIMIT", "CALLS/SECONDS", "by tier",
       "One limit for every client in place of its tier's; off: none", false,
       [&](auto& place, auto& value) { TakeRateLimit(o, place, value); }},
      {"--ignore-prefer", "IGNORE_PREFER", nullptr, "false",
       "Pass over `Prefer: code=`, by which a request asks for its answer", false,
       [&](auto& place, auto& value) { TakeSwitch(o.ignore_prefer, place, value); }},
      {"--control", "CONTROL", "WHO", "loopback",
       "Who may call /_emulator: loopback, everybody unless --host is more than this machine's own "
       "addresses; open, everybody; off, nobody",
       false, [&](auto& place, auto& value) { TakeControl(o, place, value); }},
      {"--control-token", "CONTROL_TOKEN", "TOKEN", "none",
       "Calls to /_emulator must send this as their Bearer token", false,
       [&](auto& place, auto& value) { TakeControlToken(o, place, value); }},
      {"--sandbox-limit", "SANDBOX_LIMIT", "NUMBER", "1000", "How many sandboxes there may be",
       false,
       [&](auto& place, auto& value) {
         o.sandbox_limit = static_cast<size_t>(TakeNumber(place, value, 0, 1'000'000));
       }},
      {"--sandbox-idle", "SANDBOX_IDLE", "SECONDS", "3600",
       "Drop a sandbox that nobody used for so long; 0: never", false,
       [&](auto& place, auto& value) {
         o.sandbox_idle = std::chrono::seconds(TakeNumber(place, value, 0, 31'536'000));
       }},
      {"--public-url", "PUBLIC_URL", "URL", "as the request's Host says",
       "What the emulator's own links begin with", false,
       [&](auto& place, auto& value) { TakeUrl(o.public_url, place, value); }},
      {"--log", "LOG", "FORMAT", "text", "The access log on standard error: text, json or off",
       false, [&](auto& place, auto& value) { TakeLog(o, place, value); }},
  };
}

std::vector<Setting> HealthcheckSettings(Options& o) {
  return {HostSetting(o, "Where the emulator listens"),
          PortSetting(o, "Its port"),
          {"--wait", "WAIT", "SECONDS", "0", "Keep asking for so long until it is ready", false,
           [&](const std::string& place, const std::string& value) {
             const auto seconds = Number(value, 0, 3600);
             if (!seconds) Refuse(place, value, "a number of seconds from 0 to 3600");
             o.wait_seconds = static_cast<int>(*seconds);
           }}};
}

std::vector<Setting> OutcomesSettings(Options& o) {
  return {{"--url", "URL", "URL", "http://localhost:8080",
           "Where the emulator is, for the curl lines", false,
           [&](auto& place, auto& value) { TakeUrl(o.url, place, value); }}};
}

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
void TakeVariable(const Setting& setting, Options& options) {
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

std::string Help(const Setting& setting) {
  return std::string(setting.meaning) + " (default: " + setting.initial + ") [" +
         VariableName(setting) + (IsPort(setting) ? ", PORT]" : "]");
}

// A command of the program on its way through CLI11.
struct CommandLine {
  CLI::App* app = nullptr;
  std::vector<Setting> settings;
  std::vector<std::vector<std::string>> values;  // of the settings, as given
};

void Add(CommandLine& line) {
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

void Take(const CommandLine& line, Options& options) {
  for (size_t i = 0; i < line.settings.size(); ++i) {
    const Setting& setting = line.settings[i];
    const auto& values = line.values[i];
    const std::string flag = setting.flag;
    if (values.size() > 1 && !setting.repeatable)
      throw UsageError(flag + ": is given twice; give it once." + SeeHelp(*line.app));
    for (const std::string& value : values) {
      // CLI11 takes whatever follows a flag, also behind an empty `--flag=`, for its value.
      if (value.starts_with("--"))
        throw UsageError(flag + ": its value, " + setting.value + ", is missing: \"" + value +
                         "\" is another flag." + SeeHelp(*line.app));
      setting.take(flag, value);
    }
    if (values.empty()) TakeVariable(setting, options);
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
  for (const Operation& operation : Operations())
    text.append("  ")
        .append(operation.route.method)
        .append(" ")
        .append(operation.route.path)
        .append("\n");
  return text +
         "\nExit codes: 0 ok, 1 failed while running, 2 wrong usage or input, 3 the port is "
         "taken.\n"
         "`healthcheck` exits 0 or 1 only.";
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
  CommandLine outcomes{
      app.add_subcommand("outcomes", "Print a curl line for every outcome of the default world"),
      OutcomesSettings(options),
      {}};
  CommandLine healthcheck{
      app.add_subcommand("healthcheck", "Exit 0 when an emulator is ready, else 1"),
      HealthcheckSettings(options),
      {}};
  Add(serve);
  Add(outcomes);
  Add(healthcheck);
  CLI::App* const validate =
      app.add_subcommand("validate", "Check fixture files together, as `serve` would");
  std::vector<std::string> files;
  validate->add_option("FILE", files, "Fixture files, folders of them, or - for standard input")
      ->required();
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
    parsed.shown = Shown{app.help("", detail)};
    return parsed;
  } catch (const CLI::CallForVersion& version) {
    parsed.shown = Shown{std::string(version.what()) + "\n"};
    return parsed;
  } catch (const CLI::ExtrasError&) {
    const auto extras = app.remaining(true);
    throw UsageError(Unexpected(extras.empty() ? "" : extras.front(), current()));
  } catch (const CLI::ParseError& error) {
    throw UsageError(std::string(error.what()) + "." + SeeHelp(current()));
  }

  const std::string command = current().get_name();
  if (command == "serve") {
    Take(serve, options);
  } else if (command == "validate") {
    options.command = Command::kValidate;
    for (const std::string& file : files) TakeText(options.fixtures.emplace_back(), "FILE", file);
  } else if (command == "outcomes") {
    options.command = Command::kOutcomes;
    Take(outcomes, options);
  } else if (command == "schema") {
    options.command = Command::kSchema;
  } else if (command == "world") {
    options.command = Command::kWorld;
  } else {
    options.command = Command::kHealthcheck;
    Take(healthcheck, options);
  }
  return parsed;
}

}  // namespace emulator
