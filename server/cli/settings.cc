#include "cli/settings.h"

#include <limits>
#include <utility>

#include "base/text.h"
#include "cli/help_text.h"
#include "cli/value_parsers.h"

namespace emulator::cli {

namespace {

constexpr uint64_t kMaxSandboxIdle = 31'536'000;  // seconds: a year

}  // namespace

SettingGroup ListenSettings(ListenOptions& o, PortVariables variables) {
  Setting port = PortSetting(o.port, "Port; 0 selects a free port");
  if (variables == PortVariables::kIgnore)
    port = {"--port", nullptr, "NUMBER", "0", port.meaning, port.parser};
  return {"Listening",
          {HostSetting(o.host, "Listen here; localhost: 127.0.0.1 and ::1"),
           port,
           {"--port-file", "EXPORT_EMULATOR_PORT_FILE", "FILE", "none",
            "Write the port to this file when ready", ToText(o.port_file)},
           {"--public-url", "EXPORT_EMULATOR_PUBLIC_URL", "URL", "from Host",
            "Start of the links in responses", ToUrl(o.public_url)}}};
}

SettingGroup TlsSettings(TlsOptions& o, PortVariables variables) {
  const bool is_read = variables == PortVariables::kRead;
  return {"TLS",
          {{"--tls", "EXPORT_EMULATOR_TLS", "self-signed", "none",
            "Serve HTTPS, too, with a generated certificate and CA",
            ToChoice<bool>(o.self_signed, "a way to get a certificate", {{"self-signed", true}})},
           {"--tls-cert", "EXPORT_EMULATOR_TLS_CERT", "FILE", "none",
            "Serve HTTPS, too, with this PEM certificate chain", ToText(o.cert_file)},
           {"--tls-key", "EXPORT_EMULATOR_TLS_KEY", "FILE", "none",
            "Key of --tls-cert, PEM, not encrypted", ToText(o.key_file)},
           {"--tls-port", is_read ? "EXPORT_EMULATOR_TLS_PORT" : nullptr, "NUMBER",
            is_read ? "8443" : "0", "Port of HTTPS; 0 selects a free port", ToPort(o.port)},
           {"--tls-name", "EXPORT_EMULATOR_TLS_NAME", "NAME", "localhost",
            "Add a name to the certificate; repeatable", ToCertificateNames(o.names)},
           {"--tls-ca-file", "EXPORT_EMULATOR_TLS_CA_FILE", "FILE", "none",
            "Write the generated CA certificate to this file", ToText(o.ca_file)}}};
}

SettingGroup FixtureSettings(FixtureOptions& o) {
  return {"Fixtures",
          {{"--fixtures", "EXPORT_EMULATOR_FIXTURES", "FILE", "built in",
            "Load a file, a folder, or - (stdin); repeatable", ToTextList(o.sources)},
           {"--store", "EXPORT_EMULATOR_STORE", "FILE", "in memory",
            "Keep the default world in this SQLite file", ToText(o.store)},
           {"--seed", "EXPORT_EMULATOR_SEED", "NUMBER", "random",
            "Seed for generated ids, the same in each world",
            ToNumber(o.seed, 0, std::numeric_limits<int64_t>::max())}}};
}

SettingGroup BehaviourSettings(BehaviourOptions& o) {
  return {
      "Behaviour",
      {{"--edition", "EXPORT_EMULATOR_EDITION", "NAME", "page",
        "Vendor pages to follow: page (older), current",
        ToChoice<world::Edition>(
            o.profile.edition, "an edition of the vendor's pages",
            {{"page", world::Edition::kPage}, {"current", world::Edition::kCurrent}})},
       {"--assume", "EXPORT_EMULATOR_ASSUME", "NAME", "none", "Follow this assumption; repeatable",
        ToAssumptions(o.profile)},
       {"--rate-limit", "EXPORT_EMULATOR_RATE_LIMIT", "CALLS/SECONDS", "by tier",
        "One limit for every client, or off", ToRateLimit(o.limits_for_all)},
       {"--ignore-prefer", "EXPORT_EMULATOR_IGNORE_PREFER", nullptr, "false",
        "Ignore Prefer: code=..., which selects a response", ToSwitch(o.ignore_prefer)},
       {"--issuer", "EXPORT_EMULATOR_ISSUER", "URL", "request's URL",
        "Issuer of tokens; a sandbox appends its path", ToIssuer(o.issuer)},
       {"--signing-key", "EXPORT_EMULATOR_SIGNING_KEY", "FILE", "generated",
        "RSA key that signs tokens, PEM", ToText(o.signing_key)},
       {"--quiet-headers", "EXPORT_EMULATOR_QUIET_HEADERS", nullptr, "false",
        "Send no X-Emulator-... headers", ToSwitch(o.quiet_headers)},
       {"--self-check", "EXPORT_EMULATOR_SELF_CHECK", nullptr, "false",
        "Check each response against the contract; report violations", ToSwitch(o.self_check)}}};
}

SettingGroup ControlSettings(ControlOptions& o) {
  return {"Control",
          {{"--control", "EXPORT_EMULATOR_CONTROL", "ACCESS", "loopback",
            "Who may call /_emulator: loopback, open, off",
            ToChoice<ControlSetting>(o.setting, "an access to /_emulator",
                                     {{"loopback", ControlSetting::kLoopback},
                                      {"open", ControlSetting::kOpen},
                                      {"off", ControlSetting::kOff}})},
           ControlTokenSetting(o.token, "Require this Bearer token for /_emulator"),
           {"--sandbox-limit", "EXPORT_EMULATOR_SANDBOX_LIMIT", "NUMBER", "1000",
            "Maximum number of sandboxes", ToNumber(o.sandbox_limit, 0, 1'000'000)},
           {"--sandbox-idle", "EXPORT_EMULATOR_SANDBOX_IDLE", "SECONDS", "3600",
            "Drop a sandbox that is unused for this time; 0: never",
            ToNumber(o.sandbox_idle, 0, kMaxSandboxIdle)},
           {"--journal-bytes", "EXPORT_EMULATOR_JOURNAL_BYTES", "NUMBER", "33554432",
            "Memory for the journals of all worlds; 0: none",
            ToNumber(o.journal_bytes, 0, uint64_t{1} << 40)}}};
}

SettingGroup LogSettings(LogOptions& o) {
  return {
      "Logging",
      {{"--log", "EXPORT_EMULATOR_LOG", "FORMAT", o.format == LogFormat::kOff ? "off" : "text",
        "Access log on standard error: text, json, off",
        ToChoice<LogFormat>(
            o.format, "a log format",
            {{"text", LogFormat::kText}, {"json", LogFormat::kJson}, {"off", LogFormat::kOff}})}}};
}

Setting HostSetting(std::string& host, const char* meaning) {
  return {"--host", "EXPORT_EMULATOR_HOST", "ADDRESS", "localhost", meaning, ToText(host)};
}

Setting PortSetting(int& port, const char* meaning) {
  return {"--port", "EXPORT_EMULATOR_PORT", "NUMBER", "8080", meaning, ToPort(port)};
}

Setting ControlTokenSetting(std::string& token, const char* meaning) {
  return {"--control-token",    "EXPORT_EMULATOR_CONTROL_TOKEN", "TOKEN", "none", meaning,
          ToControlToken(token)};
}

SettingGroup RemoteSettings(RemoteOptions& o) {
  return {
      "Options",
      {ControlTokenSetting(o.control_token, "Token that the emulator's --control-token requires")}};
}

Operand UrlOperand(RemoteOptions& o) {
  return {{"URL", "EXPORT_EMULATOR_URL", "URL", "http://localhost:8080",
           "The emulator, or one of its sandboxes", ToUrl(o.url)}};
}

std::string AssumptionsNote() {
  std::vector<std::string> names;
  for (const world::Assumption& assumption : world::Assumptions())
    names.emplace_back(assumption.name);
  return Wrap("Assumptions, for where the vendor's pages contradict each other or say nothing: " +
                  Join(names) + ".",
              100) +
         "\n";
}

SettingGroup With(SettingGroup group, std::vector<Setting> more) {
  for (Setting& setting : more) group.settings.push_back(std::move(setting));
  return group;
}

}  // namespace emulator::cli
