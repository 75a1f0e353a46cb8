#include "cli/settings.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <limits>

#include "api/operations.h"
#include "base/suggestions.h"
#include "base/text.h"
#include "crypto/certificates.h"
#include "tokens/token_maker.h"

namespace emulator::cli {

void ParseText(std::string& to, const std::string& place, const std::string& value) {
  if (value.empty()) throw UsageError(place + ": is empty; give it a value or leave it out.");
  to = value;
}

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

int ParsePort(const std::string& place, const std::string& value) {
  const auto port = Number(value, 0, 65535);
  if (!port) Refuse(place, value, "a port: a whole number from 0 (a free one) to 65535");
  return static_cast<int>(*port);
}

void ParseTls(Options& options, const std::string& place, const std::string& value) {
  if (value != "self-signed")
    Refuse(place, value, "self-signed, which is all it can be",
           " A certificate that is there: --tls-cert FILE --tls-key FILE.");
  options.tls_self_signed = true;
}

void ParseTlsName(Options& options, const std::string& place, const std::string& value) {
  if (!crypto::IsCertificateName(value))
    Refuse(place, value, "a DNS name such as api.bentley.com, or an IP address");
  options.tls_names.push_back(value);
}

// "off", or LIMIT/SECONDS.
void ParseRateLimit(Options& options, const std::string& place, const std::string& value) {
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

void ParseEdition(Options& options, const std::string& place, const std::string& value) {
  const auto edition = world::FindEdition(value);
  if (!edition)
    Refuse(place, value, "an edition of the vendor's pages: page or current",
           DidYouMean(value, {"page", "current"}));
  options.profile.edition = *edition;
}

void ParseAssumption(Options& options, const std::string& place, const std::string& value) {
  const world::Assumption* reading = world::FindAssumption(value);
  std::vector<std::string> names;
  for (const world::Assumption& known : world::Assumptions()) names.emplace_back(known.name);
  if (!reading) Refuse(place, value, "a reading: " + Join(names, ", "), DidYouMean(value, names));
  options.profile.*reading->member = true;
}

void ParseLogFormat(Options& options, const std::string& place, const std::string& value) {
  if (value == "text")
    options.log = LogFormat::kText;
  else if (value == "json")
    options.log = LogFormat::kJson;
  else if (value == "off")
    options.log = LogFormat::kOff;
  else
    Refuse(place, value, "a log format: text, json or off", DidYouMean(value, {"text", "json"}));
}

std::string OperationNamed(const std::string& place, const std::string& value) {
  std::vector<std::string> names;
  for (const api::Operation& operation : api::Operations()) names.emplace_back(operation.name);
  if (!api::FindOperation(value))
    Refuse(place, value, "the name of an operation: " + Join(names), DidYouMean(value, names));
  return value;
}

// A flag without a value comes in as "true".
void ParseSwitch(bool& to, const std::string& place, const std::string& value) {
  if (value != "true" && value != "1" && value != "false" && value != "0")
    Refuse(place, value, "a switch: true or 1, false or 0");
  to = value == "true" || value == "1";
}

int64_t ParseNumber(const std::string& place, const std::string& value, int64_t least,
                    int64_t most) {
  const auto number = Number(value, least, most);
  if (!number)
    Refuse(place, value,
           "a whole number from " + std::to_string(least) + " to " + std::to_string(most));
  return *number;
}

void ParseControl(Options& options, const std::string& place, const std::string& value) {
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
void ParseControlToken(Options& options, const std::string& place, const std::string& value) {
  ParseText(options.control_token, place, value);
  const auto visible = [](char c) { return c > ' ' && c < '\x7f'; };
  if (!std::all_of(value.begin(), value.end(), visible))
    throw UsageError(place + ": is no token; give it visible ASCII characters without spaces.");
}

Setting HostSetting(Options& o, const char* meaning) {
  return {"--host", "HOST", "ADDRESS", "localhost", meaning, false, [&](auto& place, auto& value) {
            ParseText(o.host, place, value);
          }};
}
Setting PortSetting(Options& o, const char* variable, const char* initial, const char* meaning) {
  return {"--port", variable, "NUMBER", initial, meaning, false, [&](auto& place, auto& value) {
            o.port = ParsePort(place, value);
          }};
}
Setting TlsPortSetting(Options& o, const char* variable, const char* initial, const char* meaning) {
  return {"--tls-port", variable, "NUMBER", initial, meaning, false, [&](auto& place, auto& value) {
            o.tls_port = ParsePort(place, value);
          }};
}
Setting LogSetting(Options& o, const char* initial) {
  return {"--log",
          "LOG",
          "FORMAT",
          initial,
          "The access log on standard error: text, json or off",
          false,
          [&](auto& place, auto& value) { ParseLogFormat(o, place, value); }};
}
Setting ControlTokenSetting(Options& o, const char* meaning) {
  return {"--control-token",
          "CONTROL_TOKEN",
          "TOKEN",
          "none",
          meaning,
          false,
          [&](auto& place, auto& value) { ParseControlToken(o, place, value); }};
}

}  // namespace

namespace {

// What may stand unquoted in the curl line that it becomes a part of.
bool IsPlainUrl(std::string_view text) {
  constexpr std::string_view kPlain =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:/[]%";
  const bool has_scheme = text.starts_with("http://") || text.starts_with("https://");
  return has_scheme && text.find_first_not_of(kPlain) == std::string_view::npos;
}

}  // namespace

void ParseUrl(std::string& to, const std::string& place, const std::string& value) {
  ParseText(to, place, value);
  if (!IsPlainUrl(value))
    Refuse(place, value, "the URL of an emulator, such as http://localhost:8080");
}

namespace {

// Clients compare it letter by letter, and a sandbox's path is put behind it.
void ParseIssuer(std::string& to, const std::string& place, const std::string& value) {
  ParseText(to, place, value);
  if (!IsPlainUrl(value) || value.ends_with('/'))
    Refuse(place, value, "an issuer: a URL such as https://login.example, with no '/' at its end");
}

// What an emulator is started with, but for its port and its log.
std::vector<Setting> EmulatorSettings(Options& o) {
  return {
      HostSetting(o, "Where to listen; localhost is 127.0.0.1 and ::1"),
      {"--port-file", "PORT_FILE", "FILE", "none",
       "Write the port to this file once connections are accepted", false,
       [&](auto& place, auto& value) { ParseText(o.port_file, place, value); }},
      {"--tls", "TLS", "HOW", "no TLS",
       "self-signed: serve HTTPS, too, with a certificate of a CA that is made at the start", false,
       [&](auto& place, auto& value) { ParseTls(o, place, value); }},
      {"--tls-cert", "TLS_CERT", "FILE", "no TLS",
       "Serve HTTPS, too, with this certificate (PEM), and those behind it that lead to its CA",
       false, [&](auto& place, auto& value) { ParseText(o.tls_cert, place, value); }},
      {"--tls-key", "TLS_KEY", "FILE", "none", "Its key (PEM, not encrypted)", false,
       [&](auto& place, auto& value) { ParseText(o.tls_key, place, value); }},
      {"--tls-name", "TLS_NAME", "NAME", "localhost, 127.0.0.1, ::1, --host",
       "One more name, or address, that the self-signed certificate is for; may be given several "
       "times (the variable: separated by ':')",
       true, [&](auto& place, auto& value) { ParseTlsName(o, place, value); }},
      {"--tls-ca-file", "TLS_CA_FILE", "FILE", "none",
       "Write the self-signed certificate's CA to this file before connections are accepted", false,
       [&](auto& place, auto& value) { ParseText(o.tls_ca_file, place, value); }},
      {"--fixtures", "FIXTURES", "FILE", "the default world",
       "A fixture file, a folder of them, or - for standard input, in place of the default world; "
       "may be given several times (the variable: separated by ':')",
       true, [&](auto& place, auto& value) { ParseText(o.fixtures.emplace_back(), place, value); }},
      {"--store", "STORE", "FILE", "in memory",
       "Keep the fixtures in this SQLite file: seeded when new, kept afterwards", false,
       [&](auto& place, auto& value) { ParseText(o.store, place, value); }},
      {"--edition", "EDITION", "NAME", "page",
       "Which of the vendor's pages: page, the older ones, or current", false,
       [&](auto& place, auto& value) { ParseEdition(o, place, value); }},
      {"--reading", "READING", "NAME", "none",
       "The other side of what the page says twice: project-link, table-members or "
       "no-retry-after; may be given several times (the variable: separated by ':')",
       true, [&](auto& place, auto& value) { ParseAssumption(o, place, value); }},
      {"--seed", "SEED", "NUMBER", "other ids each time",
       "Whence the ids of what clients make: the same again in each World", false,
       [&](auto& place, auto& value) {
         o.seed = static_cast<uint64_t>(
             ParseNumber(place, value, 0, std::numeric_limits<int64_t>::max()));
       }},
      {"--rate-limit", "RATE_LIMIT", "CALLS/SECONDS", "by tier",
       "One limit for every client in place of its tier's; off: none", false,
       [&](auto& place, auto& value) { ParseRateLimit(o, place, value); }},
      {"--ignore-prefer", "IGNORE_PREFER", nullptr, "false",
       "Pass over `Prefer: code=`, by which a request asks for its answer", false,
       [&](auto& place, auto& value) { ParseSwitch(o.ignore_prefer, place, value); }},
      {"--control", "CONTROL", "WHO", "loopback",
       "Who may call /_emulator: loopback, everybody unless --host is more than this machine's own "
       "addresses; open, everybody; off, nobody",
       false, [&](auto& place, auto& value) { ParseControl(o, place, value); }},
      ControlTokenSetting(o, "Calls to /_emulator must send this as their Bearer token"),
      {"--sandbox-limit", "SANDBOX_LIMIT", "NUMBER", "1000", "How many sandboxes there may be",
       false,
       [&](auto& place, auto& value) {
         o.sandbox_limit = static_cast<size_t>(ParseNumber(place, value, 0, 1'000'000));
       }},
      {"--sandbox-idle", "SANDBOX_IDLE", "SECONDS", "3600",
       "Drop a sandbox that nobody used for so long; 0: never", false,
       [&](auto& place, auto& value) {
         o.sandbox_idle = std::chrono::seconds(ParseNumber(place, value, 0, 31'536'000));
       }},
      {"--public-url", "PUBLIC_URL", "URL", "as the request's Host says",
       "What the emulator's own links begin with", false,
       [&](auto& place, auto& value) { ParseUrl(o.public_url, place, value); }},
      {"--issuer", "ISSUER", "URL", "where it is reached",
       "What the emulator is called as an issuer of tokens; a sandbox has its path behind it",
       false, [&](auto& place, auto& value) { ParseIssuer(o.issuer, place, value); }},
      {"--signing-key", "SIGNING_KEY", "FILE", "a new one each time",
       "The RSA key that signs tokens, in PEM", false,
       [&](auto& place, auto& value) { ParseText(o.signing_key, place, value); }},
      {"--journal-bytes", "JOURNAL_BYTES", "NUMBER", "33554432",
       "What the journal of requests may take, of all Worlds together; 0: no journal", false,
       [&](auto& place, auto& value) {
         o.journal_bytes = static_cast<size_t>(ParseNumber(place, value, 0, int64_t{1} << 40));
       }},
      {"--quiet-headers", "QUIET_HEADERS", nullptr, "false",
       "Answers carry no X-Emulator-... headers", false,
       [&](auto& place, auto& value) { ParseSwitch(o.quiet_headers, place, value); }},
      {"--self-check", "SELF_CHECK", nullptr, "false",
       "Hold each answer against the contract, and tell in journal and log what breaks it", false,
       [&](auto& place, auto& value) { ParseSwitch(o.self_check, place, value); }},
  };
}

std::vector<Setting> With(std::vector<Setting> settings, std::vector<Setting> more) {
  for (Setting& setting : more) settings.push_back(std::move(setting));
  return settings;
}

}  // namespace

std::vector<Setting> ServeSettings(Options& o) {
  return With(EmulatorSettings(o),
              {PortSetting(o, "PORT", "8080", "The port; 0 takes a free one"),
               TlsPortSetting(o, "TLS_PORT", "8443", "The port of HTTPS; 0 takes a free one"),
               LogSetting(o, "text"),
               {"--watch", "WATCH", nullptr, "false",
                "Load the fixtures again when their files change, as SIGHUP does", false,
                [&](auto& place, auto& value) { ParseSwitch(o.watch, place, value); }}});
}

std::vector<Setting> ExecSettings(Options& o) {
  return With(
      EmulatorSettings(o),
      {PortSetting(o, nullptr, "0",
                   "The port; 0 takes a free one. Variables for it are another emulator's"),
       TlsPortSetting(o, nullptr, "0", "The port of HTTPS; 0 takes a free one"),
       LogSetting(o, "off"),
       {"--verify", "VERIFY", "FILE", "none",
        "Verifications, as POST /_emulator/verify takes them; one that is unmet is exit 11", false,
        [&](auto& place, auto& value) { ParseText(o.verify, place, value); }},
       {"--forbid-early-retry", "FORBID_EARLY_RETRY", nullptr, "false",
        "A client that came back before retry-after was over is exit 12", false,
        [&](auto& place, auto& value) { ParseSwitch(o.forbid_early_retry, place, value); }},
       {"--min-coverage", "MIN_COVERAGE", "PERCENT", "0",
        "Fewer of the documented outcomes met is exit 13", false,
        [&](auto& place, auto& value) {
          o.min_coverage = static_cast<int>(ParseNumber(place, value, 0, 100));
        }},
       {"--strict", "STRICT", nullptr, "false", "A request outside the contract is exit 14", false,
        [&](auto& place, auto& value) { ParseSwitch(o.strict, place, value); }},
       {"--cover", "COVER", "NAME", "all operations",
        "An operation whose outcomes count, such as get-export-connection; may be given "
        "several times (the variable: separated by ':')",
        true, [&](auto& place, auto& value) { o.cover.push_back(OperationNamed(place, value)); }},
       {"--report", "REPORT", "FILE", "none", "Write the report to this file, as JSON", false,
        [&](auto& place, auto& value) { ParseText(o.report, place, value); }}});
}

std::vector<Setting> WhySettings(Options& o) {
  return {{"--last", "LAST", "NUMBER", "1", "How many of the newest requests", false,
           [&](auto& place, auto& value) {
             o.last = static_cast<int>(ParseNumber(place, value, 1, 1000));
           }},
          ControlTokenSetting(o, "What --control-token of the emulator says")};
}

std::vector<Setting> TokenSettings(Options& o) {
  static const std::string kDefects =
      "How it is broken on purpose: " + Join(tokens::CorruptionNames());
  TokenInput& wish = o.token;
  return {{"--client", nullptr, "ID", "the first that is registered", "Whose client it is", false,
           [&](auto& place, auto& value) { ParseText(wish.client, place, value); }},
          {"--user", nullptr, "ID", "the client's, else the first", "Whom it acts for", false,
           [&](auto& place, auto& value) { ParseText(wish.user, place, value); }},
          {"--scope", nullptr, "SCOPE", "itwin-platform",
           "What it may be used for; may be given several times", true,
           [&](auto& place, auto& value) { ParseText(wish.scopes.emplace_back(), place, value); }},
          {"--ttl", nullptr, "SECONDS", "3600", "How long it is good, on the World's clock", false,
           [&](auto& place, auto& value) { wish.ttl = ParseNumber(place, value, 1, 31'536'000); }},
          {"--defect", nullptr, "NAME", "none", kDefects.c_str(), false,
           [&](auto& place, auto& value) {
             if (!tokens::FindCorruption(value))
               Refuse(place, value, "a defect: " + Join(tokens::CorruptionNames()),
                      DidYouMean(value, tokens::CorruptionNames()));
             wish.defect = value;
           }},
          ControlTokenSetting(o, "What --control-token of the emulator says")};
}

std::vector<Setting> HealthcheckSettings(Options& o) {
  return {HostSetting(o, "Where the emulator listens"),
          PortSetting(o, "PORT", "8080", "Its port"),
          {"--wait", "WAIT", "SECONDS", "0", "Keep asking for so long until it is ready", false,
           [&](const std::string& place, const std::string& value) {
             const auto seconds = Number(value, 0, 3600);
             if (!seconds) Refuse(place, value, "a number of seconds from 0 to 3600");
             o.wait_seconds = static_cast<int>(*seconds);
           }}};
}

std::vector<Setting> OutcomesSettings(Options& o) {
  return {
      {"--url", "URL", "URL", "http://localhost:8080", "Where the emulator is, for the curl lines",
       false, [&](auto& place, auto& value) { ParseUrl(o.url, place, value); }},
      {"--operation", "OPERATION", "NAME", "all",
       "Of one operation alone, such as get-export-connection", false,
       [&](auto& place, auto& value) { o.operation = OperationNamed(place, value); }}};
}

}  // namespace emulator::cli
