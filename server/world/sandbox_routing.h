// Which World a request is for. A sandbox is a base URL: /_sandbox/{name} in front of any path; or
// the header X-Emulator-Sandbox, for clients that drop a base URL's path.
// Threads: a function of its argument.
#pragma once

#include <string>

#include "http/request.h"

namespace emulator::world {

struct SandboxRoute {
  enum class Defect {
    kNone,
    kBadName,   // of no form that a sandbox's name has
    kTwoNames,  // path and header name different sandboxes
  };
  Defect defect = Defect::kNone;
  std::string sandbox;  // empty: the default World
  std::string target;   // the rest of the target where the path names the sandbox; else empty
};

SandboxRoute ParseSandboxRoute(const http::Request& request);

}  // namespace emulator::world
