#include "cli/options.h"

#include <cstdlib>

#include "support/thrown.h"
#include "support/world.h"

using namespace emulator;
using namespace emulator::cli;

namespace {

// An environment variable for the length of a test.
class Variable {
 public:
  Variable(const char* name, const char* value) : name_(name) { ::setenv(name, value, 1); }
  ~Variable() { ::unsetenv(name_); }

 private:
  const char* name_;
};

ParsedOptions Parse(std::vector<const char*> arguments) {
  arguments.insert(arguments.begin(), "export-emulator");
  return ParseOptions(static_cast<int>(arguments.size()), arguments.data());
}

std::string OptionsRefusalOf(const std::vector<const char*>& arguments) {
  return Thrown<UsageError>([&] { Parse(arguments); });
}

}  // namespace

TEST_CASE("without arguments it serves, with the defaults") {
  const Options options = Parse({}).options;
  CHECK(options.command == Command::kServe);
  CHECK(options.host == "localhost");
  CHECK(options.port == 8080);
  CHECK(options.fixtures.empty());
  CHECK(options.store.empty());
  CHECK_FALSE(options.limits_for_all.has_value());
  CHECK_FALSE(options.ignore_prefer);
  CHECK(options.log == LogFormat::kText);
}

TEST_CASE("serve may be named or not, and values may follow a space or an equals sign") {
  for (const auto& arguments : std::vector<std::vector<const char*>>{
           {"--port", "1", "--fixtures", "a", "--fixtures", "b"},
           {"serve", "--port=1", "--fixtures=a", "--fixtures=b"}}) {
    const Options options = Parse(arguments).options;
    CHECK(options.command == Command::kServe);
    CHECK(options.port == 1);
    CHECK(options.fixtures == std::vector<std::string>{"a", "b"});
  }
}

TEST_CASE("every setting of serve") {
  const Options options =
      Parse({"--host", "::", "--port", "0", "--port-file", "p", "--fixtures", "-", "--store", "s",
             "--rate-limit", "10/60", "--ignore-prefer", "--log", "json"})
          .options;
  CHECK(options.host == "::");
  CHECK(options.port == 0);
  CHECK(options.port_file == "p");
  CHECK(options.fixtures == std::vector<std::string>{"-"});
  CHECK(options.store == "s");
  CHECK(options.limits_for_all == std::vector<fixtures::RateLimit>{{10, std::chrono::seconds(60)}});
  CHECK(options.ignore_prefer);
  CHECK(options.log == LogFormat::kJson);
  CHECK(Parse({"--rate-limit", "off"}).options.limits_for_all ==
        std::vector<fixtures::RateLimit>{});
  CHECK(Parse({"--rate-limit", "0/1"}).options.limits_for_all ==
        std::vector<fixtures::RateLimit>{{0, std::chrono::seconds(1)}});
}

TEST_CASE("every setting of TLS") {
  const Options made = Parse({"--tls", "self-signed", "--tls-port", "0", "--tls-name",
                              "api.bentley.com", "--tls-name", "::2", "--tls-ca-file", "c"})
                           .options;
  CHECK(made.tls_self_signed);
  CHECK(made.tls_port == 0);
  CHECK(made.tls_names == std::vector<std::string>{"api.bentley.com", "::2"});
  CHECK(made.tls_ca_file == "c");
  CHECK(SpeaksTls(made));
  const Options given = Parse({"--tls-cert", "c", "--tls-key", "k"}).options;
  CHECK(given.tls_cert == "c");
  CHECK(given.tls_key == "k");
  CHECK_FALSE(given.tls_port.has_value());
  CHECK(SpeaksTls(given));
  CHECK_FALSE(SpeaksTls(Parse({}).options));
  const Variable tls("EXPORT_EMULATOR_TLS", "self-signed");
  const Variable port("EXPORT_EMULATOR_TLS_PORT", "9443");
  const Variable names("EXPORT_EMULATOR_TLS_NAME", "a:b.c");
  CHECK(Parse({}).options.tls_port == 9443);
  CHECK(Parse({}).options.tls_names == std::vector<std::string>{"a", "b.c"});
  const Options exec = Parse({"exec", "--", "true"}).options;
  CHECK(exec.tls_self_signed);
  CHECK_FALSE(exec.tls_port.has_value());
}

TEST_CASE("settings of TLS that contradict each other, or lead nowhere, are told") {
  const auto is_told = [](const std::vector<const char*>& arguments,
                          std::initializer_list<const char*> words) {
    const std::string told = OptionsRefusalOf(arguments);
    for (const char* word : words) CHECK_MESSAGE(told.find(word) != std::string::npos, told);
  };
  is_told({"--tls", "on"}, {"--tls: \"on\" is not self-signed", "--tls-cert FILE"});
  is_told({"--tls-cert", "c"}, {"--tls-cert is given without --tls-key"});
  is_told({"--tls-key", "k"}, {"--tls-key is given without --tls-cert"});
  is_told({"--tls", "self-signed", "--tls-cert", "c", "--tls-key", "k"},
          {"--tls self-signed and --tls-cert contradict"});
  is_told({"--tls-name", "a"}, {"--tls-name is for --tls self-signed"});
  is_told({"--tls-cert", "c", "--tls-key", "k", "--tls-name", "a"},
          {"--tls-name is for --tls self-signed", "has its names already"});
  is_told({"--tls-cert", "c", "--tls-key", "k", "--tls-ca-file", "f"},
          {"--tls-ca-file is for --tls self-signed"});
  is_told({"--tls-port", "1"}, {"--tls-port is given without TLS", "add --tls self-signed"});
  is_told({"--tls", "self-signed", "--port", "1", "--tls-port", "1"}, {"both 1", "two ports"});
  is_told({"--tls", "self-signed", "--tls-port", "65536"}, {"--tls-port: \"65536\" is not a port"});
  is_told({"--tls", "self-signed", "--tls-name", "https://a"},
          {"--tls-name: \"https://a\" is not a DNS name"});
  is_told({"exec", "--tls-port", "1", "--", "true"}, {"--tls-port is given without TLS"});
}

TEST_CASE("the other commands") {
  CHECK(Parse({"validate", "a", "-"}).options.fixtures == std::vector<std::string>{"a", "-"});
  CHECK(Parse({"outcomes", "--url", "http://x"}).options.url == "http://x");
  CHECK(Parse({"schema"}).options.command == Command::kSchema);
  CHECK(Parse({"drift", "-"}).options.command == Command::kDrift);
  CHECK(Parse({"drift", "page.txt"}).options.page == "page.txt");
  const Options health = Parse({"healthcheck", "--wait", "5", "--port", "1"}).options;
  CHECK(health.command == Command::kHealthcheck);
  CHECK(health.wait_seconds == 5);
  CHECK(health.port == 1);
}

TEST_CASE("a flag stands over its variable, a variable over the default, an empty one is unset") {
  const Variable port("EXPORT_EMULATOR_PORT", "1");
  const Variable plain("PORT", "2");
  CHECK(Parse({}).options.port == 1);
  CHECK(Parse({"--port", "3"}).options.port == 3);
  const Variable empty("EXPORT_EMULATOR_PORT", "");
  CHECK(Parse({}).options.port == 2);
  CHECK(Parse({"healthcheck"}).options.port == 2);
}

TEST_CASE("a switch needs no value, takes nothing behind it, and may be switched off again") {
  CHECK(Parse({"--ignore-prefer", "--port", "1"}).options.port == 1);
  CHECK(OptionsRefusalOf({"--ignore-prefer", "true"}).find("\"true\" is not known") == 0);
  CHECK(Parse({"--ignore-prefer=1"}).options.ignore_prefer);
  CHECK_FALSE(Parse({"--ignore-prefer=false"}).options.ignore_prefer);
  for (const auto& [value, on] :
       {std::pair("1", true), {"true", true}, {"0", false}, {"false", false}, {"", false}}) {
    const Variable ignore("EXPORT_EMULATOR_IGNORE_PREFER", value);
    CHECK(Parse({}).options.ignore_prefer == on);
    CHECK(Parse({"--ignore-prefer"}).options.ignore_prefer);
    CHECK_FALSE(Parse({"--ignore-prefer=0"}).options.ignore_prefer);
  }
  const Variable ignore("EXPORT_EMULATOR_IGNORE_PREFER", "yes");
  CHECK(OptionsRefusalOf({}) ==
        "EXPORT_EMULATOR_IGNORE_PREFER: \"yes\" is not a switch: true or 1, false or 0.");
}

TEST_CASE("a flag as the value of a switch ended the program") {
  CHECK(OptionsRefusalOf({"--watch=--port"}) ==
        "--watch: \"--port\" is not a switch: true or 1, false or 0.");
}

TEST_CASE("exec takes what serve takes, has a free port and no log, and its command behind --") {
  const Variable plain("PORT", "80");
  const Variable ours("EXPORT_EMULATOR_PORT", "81");
  const Options options =
      Parse({"exec", "--rate-limit", "off", "--verify=v.json", "--forbid-early-retry",
             "--min-coverage", "80", "--report", "r.json", "--", "npm", "test", "--port", "--"})
          .options;
  CHECK(options.command == Command::kExec);
  CHECK(options.port == 0);
  CHECK(options.log == LogFormat::kOff);
  CHECK(options.limits_for_all == std::vector<fixtures::RateLimit>{});
  CHECK(options.verify == "v.json");
  CHECK(options.forbid_early_retry);
  CHECK(options.min_coverage == 80);
  CHECK(options.report == "r.json");
  CHECK(options.child == std::vector<std::string>{"npm", "test", "--port", "--"});
  CHECK(options.notices.empty());
  CHECK(Parse({"exec", "--port", "7", "--", "x"}).options.port == 7);
}

TEST_CASE("why asks the newest request of the usual address, or of another") {
  CHECK(Parse({"why"}).options.url == "http://localhost:8080");
  CHECK(Parse({"why"}).options.last == 1);
  const Options options =
      Parse({"why", "--last", "9", "http://a:1/_sandbox/x", "--control-token", "t"}).options;
  CHECK(options.url == "http://a:1/_sandbox/x");
  CHECK(options.last == 9);
  CHECK(options.control_token == "t");
}

TEST_CASE("a list in a variable is split on colons") {
  const Variable fixtures("EXPORT_EMULATOR_FIXTURES", "a:b::c");
  CHECK(Parse({}).options.fixtures == std::vector<std::string>{"a", "b", "c"});
  CHECK(Parse({"--fixtures", "d"}).options.fixtures == std::vector<std::string>{"d"});
}

TEST_CASE("what Kubernetes puts into the environment is ignored with a notice") {
  const Variable port("EXPORT_EMULATOR_PORT", "tcp://10.0.0.1:8080");
  const Variable other("EXPORT_EMULATOR_SERVICE_HOST", "10.0.0.1");
  const Options options = Parse({}).options;
  CHECK(options.port == 8080);
  REQUIRE(options.notices.size() == 1);
  CHECK(options.notices[0].find("EXPORT_EMULATOR_PORT=tcp://10.0.0.1:8080") == 0);
}

TEST_CASE("help and version are shown, not refused") {
  CHECK(Parse({"--version"}).shown->text ==
        std::string("export-emulator ") + EMULATOR_VERSION + "\n");
  CHECK(Parse({"--help"}).shown->text.find("GET /export/connections/{connectionId}") !=
        std::string::npos);
  for (const std::string flag : {"--host", "--port", "--port-file", "--fixtures", "--store",
                                 "--rate-limit", "--ignore-prefer", "--log"}) {
    const std::string help = Parse({"serve", "--help"}).shown->text;
    INFO(flag);
    CHECK(help.find(flag) != std::string::npos);
  }
  CHECK(Parse({"serve", "--help"}).shown->text.find("EXPORT_EMULATOR_RATE_LIMIT") !=
        std::string::npos);
}

TEST_CASE("bad arguments and variables are refused with the place and what would be right") {
  const std::pair<std::vector<const char*>, const char*> rows[] = {
      {{"--prot", "1"}, "Did you mean \"--port\"?"},
      {{"--port=1", "extra"}, "\"extra\" is not known to `serve`"},
      {{"srve"}, "Did you mean \"serve\"?"},
      {{"frobnicate"}, "\"frobnicate\" is no command"},
      {{"--port", "http"}, "--port: \"http\" is not a port"},
      {{"--port", "65536"}, "--port: \"65536\" is not a port"},
      {{"--port", "-1"}, "--port"},
      {{"--port", "8080x"}, "--port: \"8080x\" is not a port"},
      {{"--port"}, "--port"},
      {{"--port", "1", "--port", "2"}, "--port"},
      {{"--rate-limit", "10"}, "--rate-limit: \"10\" is not a rate limit"},
      {{"--rate-limit", "10/0"}, "--rate-limit: \"10/0\" is not a rate limit"},
      {{"--rate-limit", "-1/60"}, "--rate-limit"},
      {{"--rate-limit", "none"}, "--rate-limit: \"none\" is not a rate limit"},
      {{"--ignore-prefer=maybe"}, "--ignore-prefer: \"maybe\" is not a switch"},
      {{"--ignore-prefer", "--ignore-prefer"}, "--ignore-prefer: is given twice"},
      {{"--log", "jsno"}, "--log: \"jsno\" is not a log format"},
      {{"--host", ""}, "--host: is empty"},
      {{"--store", ""}, "--store: is empty"},
      {{"-hello"}, "\"-hello\" is no flag"},
      {{"serve", "++"}, "\"++\" is no flag"},
      {{"--store=", "--log=off"}, "--store: its value, FILE, is missing"},
      {{"validate"}, "FILE"},
      {{"drift"}, "PAGE is required"},
      {{"drift", ""}, "PAGE: is empty"},
      {{"drift", "a", "b"}, "\"b\" is not known to `drift`"},
      {{"schema", "x"}, "\"x\" is not known to `schema`"},
      {{"exec"}, "exec: the command is missing: export-emulator exec -- COMMAND..."},
      {{"exec", "--"}, "exec: the command is missing"},
      {{"exec", "npm", "test"}, "\"npm\" is not known to `exec`"},
      {{"exec", "--watch", "--", "x"}, "\"--watch\" is not known to `exec`"},
      {{"exec", "--min-coverage", "101", "--", "x"},
       "--min-coverage: \"101\" is not a whole number"},
      {{"why", "localhost"}, "URL: \"localhost\" is not the URL of an emulator"},
      {{"why", "--last", "0"}, "--last: \"0\" is not a whole number from 1 to 1000"},
      {{"--journal-bytes", "-1"}, "--journal-bytes"},
      {{"outcomes", "--port", "1"}, "\"--port\" is not known to `outcomes`"},
      {{"healthcheck", "--wait", "forever"}, "--wait: \"forever\" is not a number of seconds"},
  };
  for (const auto& row : rows) {
    const std::string refusal = OptionsRefusalOf(row.first);
    INFO(refusal << " / " << row.second);
    CHECK(refusal.find(row.second) != std::string::npos);
  }
  const Variable log("EXPORT_EMULATOR_LOG", "loud");
  CHECK(OptionsRefusalOf({}).find("EXPORT_EMULATOR_LOG: \"loud\" is not a log format") == 0);
}
