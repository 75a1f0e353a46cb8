#include "cli/settings.h"

#include <algorithm>

#include "cli/command.h"
#include "cli/parse.h"
#include "support/world.h"

using namespace emulator;
using namespace emulator::cli;

TEST_CASE("defaults of serve") {
  const ServeOptions options = ParseServe({});
  CHECK(options.emulator.listen.host == "localhost");
  CHECK(options.emulator.listen.port == 8080);
  CHECK(options.emulator.fixtures.sources.empty());
  CHECK(options.emulator.fixtures.store.empty());
  CHECK_FALSE(options.emulator.behaviour.limits_for_all.has_value());
  CHECK_FALSE(options.emulator.behaviour.ignore_prefer);
  CHECK_FALSE(options.emulator.tls.IsEnabled());
  CHECK(options.emulator.log.format == LogFormat::kText);
  CHECK_FALSE(options.watch);
}

TEST_CASE("each setting of serve sets its option") {
  const ServeOptions options = ParseServe({"--host",          "::",
                                           "--port",          "0",
                                           "--port-file",     "p",
                                           "--fixtures",      "-",
                                           "--store",         "s",
                                           "--rate-limit",    "10/60",
                                           "--log",           "json",
                                           "--ignore-prefer", "--watch",
                                           "--edition",       "current",
                                           "--assume",        "project-link",
                                           "--assume",        "table-members",
                                           "--seed",          "7",
                                           "--control",       "open",
                                           "--sandbox-limit", "2",
                                           "--sandbox-idle",  "3",
                                           "--public-url",    "https://a/b",
                                           "--issuer",        "https://i",
                                           "--signing-key",   "k",
                                           "--journal-bytes", "0",
                                           "--quiet-headers", "--self-check"});
  const EmulatorOptions& emulator = options.emulator;
  CHECK(emulator.listen.host == "::");
  CHECK(emulator.listen.port == 0);
  CHECK(emulator.listen.port_file == "p");
  CHECK(emulator.listen.public_url == "https://a/b");
  CHECK(emulator.fixtures.sources == Arguments{"-"});
  CHECK(emulator.fixtures.store == "s");
  CHECK(emulator.fixtures.seed == 7);
  CHECK(options.watch);
  CHECK(emulator.behaviour.limits_for_all ==
        std::vector<fixtures::RateLimit>{{10, std::chrono::seconds(60)}});
  CHECK(emulator.behaviour.profile.edition == world::Edition::kCurrent);
  CHECK(emulator.behaviour.profile.project_link);
  CHECK(emulator.behaviour.profile.table_members);
  CHECK_FALSE(emulator.behaviour.profile.no_retry_after);
  CHECK(emulator.behaviour.ignore_prefer);
  CHECK(emulator.behaviour.issuer == "https://i");
  CHECK(emulator.behaviour.signing_key == "k");
  CHECK(emulator.behaviour.quiet_headers);
  CHECK(emulator.behaviour.self_check);
  CHECK(emulator.control.setting == ControlSetting::kOpen);
  CHECK(emulator.control.sandbox_limit == 2);
  CHECK(emulator.control.sandbox_idle == std::chrono::seconds(3));
  CHECK(emulator.control.journal_bytes == 0);
  CHECK(emulator.log.format == LogFormat::kJson);
}

TEST_CASE("each setting of TLS sets its option") {
  const TlsOptions generated =
      ParseServe({"--tls", "self-signed", "--tls-port", "0", "--tls-name", "api.bentley.com",
                  "--tls-name", "::2", "--tls-ca-file", "c"})
          .emulator.tls;
  CHECK(generated.self_signed);
  CHECK(generated.port == 0);
  CHECK(generated.names == Arguments{"api.bentley.com", "::2"});
  CHECK(generated.ca_file == "c");
  const TlsOptions given = ParseServe({"--tls-cert", "c", "--tls-key", "k"}).emulator.tls;
  CHECK(given.cert_file == "c");
  CHECK(given.key_file == "k");
  CHECK_FALSE(given.port.has_value());
}

TEST_CASE("exec has free ports and no log, and ignores the variables of ports") {
  const Environment environment{{"PORT", "80"},
                                {"EXPORT_EMULATOR_PORT", "81"},
                                {"EXPORT_EMULATOR_TLS", "self-signed"},
                                {"EXPORT_EMULATOR_TLS_PORT", "82"}};
  const ExecOptions options = ParseExec({"--", "true"}, environment);
  CHECK(options.emulator.listen.port == 0);
  CHECK(options.emulator.tls.self_signed);
  CHECK(options.emulator.tls.port.value_or(options.emulator.tls.default_port) == 0);
  CHECK(options.emulator.log.format == LogFormat::kOff);
  CHECK(ParseExec({"--port", "7", "--", "x"}, environment).emulator.listen.port == 7);
}

TEST_CASE("a setting's variable is its flag in capitals") {
  for (const Command& command : Commands())
    for (const SettingGroup& group : command.prepare().syntax.groups)
      for (const Setting& setting : group.settings) {
        INFO(command.name << " " << setting.flag);
        if (!setting.variable) continue;
        std::string name = std::string("EXPORT_EMULATOR_") + (setting.flag + 2);
        std::transform(name.begin(), name.end(), name.begin(),
                       [](char c) { return c == '-' ? '_' : std::toupper(c); });
        CHECK(setting.variable == name);
      }
}

TEST_CASE("the defaults that help shows are those of the options") {
  ListenOptions listen;
  CHECK(ListenSettings(listen, PortVariables::kRead).settings[1].initial ==
        std::to_string(listen.port));
  ExecOptions exec;
  CHECK(ListenSettings(exec.emulator.listen, PortVariables::kIgnore).settings[1].initial ==
        std::to_string(exec.emulator.listen.port));
  CHECK(LogSettings(exec.emulator.log).settings[0].initial == std::string("off"));
  ControlOptions control;
  const SettingGroup rows = ControlSettings(control);
  CHECK(rows.settings[2].initial == std::to_string(control.sandbox_limit));
  CHECK(rows.settings[3].initial == std::to_string(control.sandbox_idle.count()));
  CHECK(rows.settings[4].initial == std::to_string(control.journal_bytes));
}
