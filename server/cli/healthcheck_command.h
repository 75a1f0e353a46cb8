// `export-emulator healthcheck`: asks an emulator whether it is ready, for container engines.
// Threads: one.
#pragma once

#include <chrono>
#include <string>

#include "cli/setting.h"

namespace emulator::cli {

struct HealthcheckOptions {
  std::string host = "localhost";
  int port = 8080;
  std::chrono::seconds wait{0};  // how long to retry
};
Syntax HealthcheckSyntax(HealthcheckOptions& options);
int RunHealthcheck(const HealthcheckOptions& options);

}  // namespace emulator::cli
