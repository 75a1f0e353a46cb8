// The options of the commands that start or call an emulator, in groups that commands share.
// settings.h parses them.
// Threads: values.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "access_log.h"
#include "fixtures/rate_limit.h"
#include "world/api_profile.h"

namespace emulator::cli {

struct ListenOptions {
  std::string host = "localhost";
  int port = 8080;         // 0: a free port
  std::string port_file;   // empty: none
  std::string public_url;  // start of the emulator's own links; empty: as in the request
};

struct TlsOptions {
  bool self_signed = false;
  std::string cert_file, key_file;  // PEM; empty: none
  std::optional<int> port;          // absent: default_port; 0: a free port
  int default_port = 8443;
  std::vector<std::string> names;  // more names for a self-signed certificate
  std::string ca_file;             // written by the emulator; empty: none

  bool IsEnabled() const { return self_signed || !cert_file.empty(); }
};

struct FixtureOptions {
  std::vector<std::string> sources;  // files, folders, or "-"; empty: the default world
  std::string store;                 // an SQLite file; empty: in memory
  std::optional<uint64_t> seed;      // of generated ids; absent: random
};

struct BehaviourOptions {
  world::ApiProfile profile;
  std::optional<std::vector<fixtures::RateLimit>> limits_for_all;  // absent: by tier; empty: off
  bool ignore_prefer = false;
  std::string issuer;       // empty: the URL of the request
  std::string signing_key;  // a PEM file; empty: a generated key
  bool quiet_headers = false;
  bool self_check = false;
};

// Which clients may use /_emulator when no control token is set.
enum class ControlSetting { kLoopback, kOpen, kOff };

struct ControlOptions {
  ControlSetting setting = ControlSetting::kLoopback;
  std::string token;  // a secret; empty: none is required
  size_t sandbox_limit = 1000;
  std::chrono::seconds sandbox_idle{3600};  // 0: never dropped
  size_t journal_bytes = 32 << 20;          // 0: no journal
};

struct LogOptions {
  LogFormat format = LogFormat::kText;
};

// Everything that `serve` and `exec` have in common.
struct EmulatorOptions {
  ListenOptions listen;
  TlsOptions tls;
  FixtureOptions fixtures;
  BehaviourOptions behaviour;
  ControlOptions control;
  LogOptions log;
  std::vector<std::string> notices;  // about the environment; for the log
};

// Throws UsageError if options contradict each other.
void CheckEmulatorOptions(const EmulatorOptions& options);

// For the commands that call a running emulator.
struct RemoteOptions {
  std::string url = "http://localhost:8080";  // of the emulator or of one of its sandboxes
  std::string control_token;                  // a secret; empty: none
};

}  // namespace emulator::cli
