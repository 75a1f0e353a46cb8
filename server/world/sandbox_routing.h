// Finds the sandbox that a request names: by the path prefix /_sandbox/{name}, or by the header
// X-Emulator-Sandbox, for clients that drop the path of a base URL.
// Threads: a pure function.
#pragma once

#include <string>

#include "http/request.h"

namespace emulator::world {

struct SandboxRoute {
  enum class Error {
    kNone,
    kInvalidName,       // see IsSandboxName
    kConflictingNames,  // path and header name different sandboxes
  };
  Error error = Error::kNone;
  std::string sandbox;  // empty: the default world
  std::string target;   // without the prefix; empty if the path has no prefix
};

SandboxRoute ParseSandboxRoute(const http::Request& request);

}  // namespace emulator::world
