#include "cli/healthcheck_command.h"

#include <iostream>
#include <thread>

#include "base/real_time.h"
#include "cli/exit_codes.h"
#include "cli/settings.h"
#include "cli/value_parsers.h"
#include "http/http_client.h"
#include "http/server/listener.h"

namespace emulator::cli {

namespace {

constexpr auto kRequestTimeout = std::chrono::milliseconds(2000);  // of one request
constexpr auto kRetryInterval = std::chrono::milliseconds(20);

// The address to connect to for an address to listen on.
std::string ConnectHost(const std::string& host) {
  if (host == "0.0.0.0") return "127.0.0.1";
  return host == "::" ? "::1" : host;
}

}  // namespace

Syntax HealthcheckSyntax(HealthcheckOptions& o) {
  return {.groups = {
              {"Options",
               {HostSetting(o.host, "Address that the emulator listens on"),
                PortSetting(o.port, "Port of the emulator"),
                {"--wait", "EXPORT_EMULATOR_WAIT", "SECONDS", "0",
                 "Retry for this time until the emulator is ready", ToNumber(o.wait, 0, 3600)}}}}};
}

int RunHealthcheck(const HealthcheckOptions& options) {
  const RealTime deadline = RealNow() + options.wait;
  while (!http::AnswersOk(ConnectHost(options.host), options.port, "/_emulator/readyz",
                          kRequestTimeout)) {
    if (RealNow() >= deadline) {
      std::cerr << "no emulator is ready at " << http::server::UrlOf(options.host, options.port)
                << "\n";
      return kFailure;
    }
    std::this_thread::sleep_for(kRetryInterval);
  }
  return kSuccess;
}

}  // namespace emulator::cli
