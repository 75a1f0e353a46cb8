// The command line and the environment, read into options; the settings themselves are
// cli/settings.h's table. The only place that reads the environment. A flag stands over its
// variable, a variable over the default; an empty variable is unset. Threads: values; ParseOptions
// from the main thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "access_log.h"
#include "world/api_profile.h"
#include "world/rate_limiter.h"

namespace emulator::cli {

// Who may call /_emulator where no token is asked for.
enum class ControlSetting { kLoopback, kOpen, kOff };

enum class Command {
  kServe,
  kExec,
  kValidate,
  kOutcomes,
  kWhy,
  kToken,
  kSchema,
  kWorld,
  kHealthcheck,
  kDrift
};

// What `token` asks for; empty or 0: the emulator's default.
struct TokenInput {
  std::string client;
  std::string user;
  std::vector<std::string> scopes;
  int64_t ttl = 0;  // seconds
  std::string defect;
};

struct Options {
  Command command = Command::kServe;

  bool tls_self_signed = false;
  bool watch = false;  // reload the fixtures when their files change
  bool ignore_prefer = false;
  bool quiet_headers = false;
  bool self_check = false;
  world::ApiProfile profile;  // of WorldRegistry at their beginning
  int port = 8080;            // 0: a free one
  std::string host = "localhost";
  std::string port_file;               // empty: none
  std::string tls_cert, tls_key;       // PEM files; empty: none
  std::optional<int> tls_port;         // absent: that of the command; 0: a free one
  std::vector<std::string> tls_names;  // besides those that a self-signed certificate has
  std::string tls_ca_file;             // a file to write; empty: none
  std::vector<std::string> fixtures;   // files, folders, or "-"; empty: the default world
  std::string store;                   // empty: in memory
  std::optional<std::vector<fixtures::RateLimit>>
      limits_for_all;            // absent: by tier; empty list: off
  std::optional<uint64_t> seed;  // of ids; absent: other ones each time
  std::string control_token;     // a secret; empty: none is asked for
  size_t sandbox_limit = 1000;
  std::chrono::seconds sandbox_idle{3600};  // 0: for ever
  std::string public_url;                   // empty: as the request says
  std::string issuer;                       // empty: as the request says
  std::string signing_key;                  // a file; empty: a key is made
  size_t journal_bytes = 32 << 20;          // 0: no journal
  ControlSetting control = ControlSetting::kLoopback;
  LogFormat log = LogFormat::kText;

  // exec:
  bool forbid_early_retry = false;
  bool strict = false;             // a request outside the contract is a failure
  int min_coverage = 0;            // percent
  std::vector<std::string> child;  // the command and its arguments
  std::string verify;              // a file of verifications; empty: none
  std::string report;              // a file to write; empty: none
  std::vector<std::string> cover;  // operations whose coverage counts; empty: all

  // outcomes: where the curl lines go; why, token: whom to ask
  std::string url = "http://localhost:8080";
  std::string operation;  // outcomes: of this one alone; empty: of all
  int last = 1;           // why: how many requests
  TokenInput token;       // token
  int wait_seconds = 0;   // healthcheck
  std::string page;       // drift: a file, or "-"

  std::vector<std::string> notices;  // for the log: variables that were ignored, and why
};

// Whether TLS is spoken at a port of its own.
inline bool SpeaksTls(const Options& options) {
  return options.tls_self_signed || !options.tls_cert.empty();
}

// Text for standard output, and exit 0: --help or --version.
struct HelpText {
  std::string text;
};

// What was wrong with the command line or a variable: a sentence with the way out. Exit 2.
class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct ParsedOptions {
  Options options;
  std::optional<HelpText> shown;
};

// Throws UsageError.
ParsedOptions ParseOptions(int argc, const char* const* argv);

}  // namespace emulator::cli
