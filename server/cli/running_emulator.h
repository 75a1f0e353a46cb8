// The emulator that `serve` and `exec` run. Builds every object of the server in order and owns it.
// Threads: one thread constructs, starts, reloads and stops it; the server's threads do the rest.
#pragma once

#include <optional>
#include <string>

#include "access_log.h"
#include "api/service.h"
#include "cli/https_endpoint.h"
#include "cli/options.h"
#include "cli/runtime_file.h"
#include "cli/signals.h"
#include "emulator.h"
#include "fixtures/fixture_sources.h"
#include "http/server/http_server.h"
#include "http/server/listener.h"
#include "oauth/identity_service.h"
#include "tokens/issuer.h"
#include "world/world_registry.h"

namespace emulator::cli {

class RunningEmulator {
 public:
  // Loads the fixtures and opens the ports. SIGTERM and SIGINT end the program while fixtures load.
  // The options must outlive it. Throws UsageError, fixtures::FixtureError, crypto::PemError,
  // http::server::ListenError, std::runtime_error.
  RunningEmulator(const EmulatorOptions& options, Signals& signals);

  // Serves requests, then writes the CA file and the port file.
  void Start();

  // Reads the fixtures again, for the default world and for later resets and sandboxes. If they are
  // invalid, the old ones stay. Writes a notice to the log.
  void ReloadFixtures();
  bool HaveFixturesChanged() { return sources_.HasChanged(); }  // since the last call
  void ReloadCertificate();

  // Removes the CA file and the port file, and lets open requests finish for a short time.
  void Stop();

  std::string url() const { return listener_.url(); }
  int port() const { return listener_.port(); }
  const HttpsEndpoint* https() const { return https_ ? &*https_ : nullptr; }  // nullptr: no TLS
  const world::WorldRegistry& worlds() const { return worlds_; }

 private:
  const EmulatorOptions& options_;
  RuntimeFile port_file_;
  RuntimeFile ca_file_;
  AccessLog log_;
  fixtures::SourceWatch sources_;
  world::WorldRegistry worlds_;
  const tokens::Issuer issuer_;
  const api::Service service_;
  const oauth::IdentityService identity_;
  http::server::Listener listener_;
  std::optional<HttpsEndpoint> https_;
  Emulator emulator_;
  http::server::HttpServer server_;
};

}  // namespace emulator::cli
