#include "cli/command_line.h"

#include "cli/drift_command.h"
#include "cli/healthcheck_command.h"
#include "cli/outcomes_command.h"
#include "cli/parse.h"
#include "cli/token_command.h"
#include "cli/validate_command.h"
#include "cli/why_command.h"
#include "support/world.h"

using namespace emulator;
using namespace emulator::cli;

namespace {

WhyOptions ParseWhy(const Arguments& arguments, const Environment& environment = {}) {
  return Parse<WhyOptions, WhySyntax>("why", arguments, environment);
}

template <typename Options, Syntax (*Describe)(Options&)>
std::string CommandErrorOf(const char* command, const Arguments& arguments) {
  return Thrown<UsageError>([&] { Parse<Options, Describe>(command, arguments); });
}

std::string ExecError(const Arguments& arguments) {
  return CommandErrorOf<ExecOptions, ExecSyntax>("exec", arguments);
}

}  // namespace

TEST_CASE("a value follows a space or an equals sign; a list may be repeated") {
  for (const Arguments& arguments : {Arguments{"--port", "1", "--fixtures", "a", "--fixtures", "b"},
                                     Arguments{"--port=1", "--fixtures=a", "--fixtures=b"}}) {
    const ServeOptions options = ParseServe(arguments);
    CHECK(options.emulator.listen.port == 1);
    CHECK(options.emulator.fixtures.sources == Arguments{"a", "b"});
  }
}

TEST_CASE("operands, and \"--\" before them") {
  CHECK(Parse<ValidateOptions, ValidateSyntax>("validate", {"a", "-"}).sources ==
        Arguments{"a", "-"});
  CHECK(Parse<ValidateOptions, ValidateSyntax>("validate", {"a", "--", "--b"}).sources ==
        Arguments{"a", "--b"});
  CHECK(Parse<DriftOptions, DriftSyntax>("drift", {"-"}).page == "-");
  CHECK(ParseWhy({}).remote.url == "http://localhost:8080");
  const WhyOptions why = ParseWhy({"--last", "9", "http://a:1/_sandbox/x", "--control-token", "t"});
  CHECK(why.remote.url == "http://a:1/_sandbox/x");
  CHECK(why.last == 9);
  CHECK(why.remote.control_token == "t");
}

TEST_CASE("a flag wins over its variable, a variable over PORT and the default") {
  const Environment both{{"EXPORT_EMULATOR_PORT", "1"}, {"PORT", "2"}};
  const Environment plain{{"PORT", "2"}};
  CHECK(ParseServe({}, both).emulator.listen.port == 1);
  CHECK(ParseServe({"--port", "3"}, both).emulator.listen.port == 3);
  CHECK(ParseServe({}, plain).emulator.listen.port == 2);
  CHECK(Parse<HealthcheckOptions, HealthcheckSyntax>("healthcheck", {}, plain).port == 2);
  const Environment url{{"EXPORT_EMULATOR_URL", "http://u"}};
  CHECK(ParseWhy({}, url).remote.url == "http://u");
  CHECK(ParseWhy({"http://v"}, url).remote.url == "http://v");
  CHECK(Parse<TokenOptions, TokenSyntax>("token", {}, url).remote.url == "http://u");
  CHECK(Parse<OutcomesOptions, OutcomesSyntax>("outcomes", {}, url).url == "http://u");
}

TEST_CASE("a list in a variable is split at colons") {
  const Environment environment{{"EXPORT_EMULATOR_FIXTURES", "a:b::c"}};
  CHECK(ParseServe({}, environment).emulator.fixtures.sources == Arguments{"a", "b", "c"});
  CHECK(ParseServe({"--fixtures", "d"}, environment).emulator.fixtures.sources == Arguments{"d"});
}

TEST_CASE("a switch takes no argument after it, and a value after an equals sign") {
  CHECK(ParseServe({"--ignore-prefer", "--port", "1"}).emulator.listen.port == 1);
  CHECK(ServeError({"--ignore-prefer", "true"}).starts_with("\"true\": unexpected argument."));
  CHECK(ParseServe({"--ignore-prefer=1"}).emulator.behaviour.ignore_prefer);
  for (const auto& [value, is_on] :
       {std::pair("1", true), {"true", true}, {"0", false}, {"false", false}}) {
    const Environment environment{{"EXPORT_EMULATOR_IGNORE_PREFER", value}};
    CHECK(ParseServe({}, environment).emulator.behaviour.ignore_prefer == is_on);
    CHECK(ParseServe({"--ignore-prefer"}, environment).emulator.behaviour.ignore_prefer);
    CHECK_FALSE(ParseServe({"--ignore-prefer=0"}, environment).emulator.behaviour.ignore_prefer);
  }
  CHECK(ServeError({}, {{"EXPORT_EMULATOR_IGNORE_PREFER", "yes"}}) ==
        "EXPORT_EMULATOR_IGNORE_PREFER: \"yes\" is not a switch: true or 1, false or 0.");
}

TEST_CASE("a flag as the value of a switch ended the program") {
  CHECK(ServeError({"--watch=--port"}) ==
        "--watch: \"--port\" is not a switch: true or 1, false or 0.");
}

TEST_CASE("the command of exec follows \"--\"") {
  const ExecOptions options =
      ParseExec({"--rate-limit", "off", "--verify=v.json", "--forbid-early-retry", "--min-coverage",
                 "80", "--report", "r.json", "--cover", "get-export-connection", "--strict", "--",
                 "npm", "test", "--port", "--", "--help"});
  CHECK(options.verify == "v.json");
  CHECK(options.forbid_early_retry);
  CHECK(options.min_coverage == 80);
  CHECK(options.report == "r.json");
  CHECK(options.strict);
  CHECK(options.cover == Arguments{"get-export-connection"});
  CHECK(options.arguments == Arguments{"npm", "test", "--port", "--", "--help"});
  for (const Arguments& arguments : {Arguments{}, Arguments{"--"}})
    CHECK(ExecError(arguments) ==
          "exec: the command is missing: export-emulator exec -- COMMAND...");
  CHECK(ExecError({"npm", "test"}) ==
        "\"npm\": unexpected argument. The command follows \"--\": "
        "export-emulator exec -- COMMAND...");
  CHECK(ExecError({"--watch", "--", "x"}).starts_with("--watch: unknown option."));
}

TEST_CASE("--help and -h are accepted anywhere") {
  ServeOptions options;
  for (const Arguments& arguments :
       {Arguments{"--help"}, Arguments{"-h"}, Arguments{"--port", "1", "-h"}})
    CHECK(ParseCommandLine("serve", arguments, ServeSyntax(options), {}).wants_help);
}

TEST_CASE("an invalid command line is rejected with the place and what to do") {
  const std::pair<Arguments, const char*> rows[] = {
      {{"--prot", "1"},
       "--prot: unknown option. Did you mean \"--port\"? See `export-emulator serve --help`."},
      {{"--reading", "x"}, "--reading: unknown option. Did you mean \"--assume\"?"},
      {{"--port=1", "extra"},
       "\"extra\": unexpected argument. See `export-emulator serve --help`."},
      {{"--port"}, "--port: its value, NUMBER, is missing."},
      {{"--port", "--log=off"}, "--port: its value, NUMBER, is missing."},
      {{"--port", "1", "--port", "2"}, "--port: is given twice. Give it once."},
      {{"--ignore-prefer", "--ignore-prefer"}, "--ignore-prefer: is given twice"},
      {{"--port", "-1"}, "--port: \"-1\" is not a port"},
      {{"--host", ""}, "--host: is empty"},
      {{"--store=", "--log=off"}, "--store: is empty"},
      {{"-hello"}, "-hello: unknown option."},
      {{"++"}, "\"++\": unexpected argument."},
      {{"--log", "jsno"}, "--log: \"jsno\" is not a log format: text, json or off."},
  };
  for (const auto& [arguments, message] : rows) {
    const std::string error = ServeError(arguments);
    CHECK_MESSAGE(error.starts_with(message), error);
  }
  CHECK(CommandErrorOf<ValidateOptions, ValidateSyntax>("validate", {}) ==
        "validate: the argument FILE is missing. See `export-emulator validate --help`.");
  CHECK(CommandErrorOf<DriftOptions, DriftSyntax>("drift", {""}).starts_with("PAGE: is empty"));
  CHECK(CommandErrorOf<DriftOptions, DriftSyntax>("drift", {"a", "b"})
            .starts_with("\"b\": unexpected argument."));
  CHECK(CommandErrorOf<OutcomesOptions, OutcomesSyntax>("outcomes", {"--port", "1"})
            .starts_with("--port: unknown option."));
  CHECK(CommandErrorOf<WhyOptions, WhySyntax>("why", {"localhost"})
            .starts_with("URL: \"localhost\" is not the URL of an emulator"));
  CHECK(ServeError({}, {{"EXPORT_EMULATOR_LOG", "loud"}})
            .starts_with("EXPORT_EMULATOR_LOG: \"loud\" is not a log format"));
}

TEST_CASE("a secret behind a misspelt flag is not in the message") {
  const std::string message = ServeError({"--control-tokn=sesame"});
  CHECK(message.starts_with("--control-tokn: unknown option. Did you mean \"--control-token\"?"));
  CHECK(message.find("sesame") == std::string::npos);
}

TEST_CASE("a variable that Kubernetes sets for a service is ignored with a notice") {
  const ServeOptions options = ParseServe({}, {{"EXPORT_EMULATOR_PORT", "tcp://10.0.0.1:8080"},
                                               {"EXPORT_EMULATOR_SERVICE_HOST", "10.0.0.1"}});
  CHECK(options.emulator.listen.port == 8080);
  REQUIRE(options.emulator.notices.size() == 1);
  CHECK(options.emulator.notices[0].starts_with("EXPORT_EMULATOR_PORT=tcp://10.0.0.1:8080"));
}

TEST_CASE("misspelt and renamed variables are noticed, those of other commands are not") {
  const Environment environment{{"EXPORT_EMULATOR_PROT", "1"},
                                {"EXPORT_EMULATOR_READING", "project-link"},
                                {"EXPORT_EMULATOR_URL", "http://a"},
                                {"EXPORT_EMULATOR_CA_FILE", "ca.pem"}};
  ServeOptions options;
  ParseCommandLine("serve", {}, ServeSyntax(options), environment,
                   {"EXPORT_EMULATOR_URL", "EXPORT_EMULATOR_CA_FILE"});
  CHECK(options.emulator.notices ==
        Arguments{"the variable EXPORT_EMULATOR_READING is unknown and ignored. Did you mean "
                  "\"EXPORT_EMULATOR_ASSUME\"?",
                  "the variable EXPORT_EMULATOR_PROT is unknown and ignored. Did you mean "
                  "\"EXPORT_EMULATOR_PORT\"?"});
  WhyOptions why;
  const CommandLine line =
      ParseCommandLine("why", {}, WhySyntax(why), {{"EMULATOR_URL", "http://old"}});
  CHECK(why.remote.url == "http://localhost:8080");
  CHECK(line.notices == Arguments{"the variable EMULATOR_URL is unknown and ignored. Did you mean "
                                  "\"EXPORT_EMULATOR_URL\"?"});
}
