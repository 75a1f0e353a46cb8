#include "world/sandbox_routing.h"

#include <algorithm>
#include <string_view>

#include "base/text.h"
#include "world/world_registry.h"

namespace emulator::world {

namespace {

bool HasPrefix(std::string_view path) {
  return EqualIgnoringCase(path.substr(0, kSandboxPrefix.size()), kSandboxPrefix) &&
         (path.size() == kSandboxPrefix.size() || path[kSandboxPrefix.size()] == '/');
}

}  // namespace

SandboxRoute ParseSandboxRoute(const http::Request& request) {
  SandboxRoute route;
  const std::string_view target = request.target;
  if (HasPrefix(request.Path())) {
    const size_t start = std::min(kSandboxPrefix.size() + 1, target.size());
    const size_t end = std::min(target.find_first_of("/?", start), target.size());
    route.sandbox = target.substr(start, end - start);
    route.target = target.substr(end);
    if (!route.target.starts_with('/')) route.target.insert(0, "/");
    if (!IsSandboxName(route.sandbox)) route.error = SandboxRoute::Error::kInvalidName;
  }
  if (const std::string* name = request.headers.Find("X-Emulator-Sandbox")) {
    if (!IsSandboxName(*name) || request.headers.Count("X-Emulator-Sandbox") > 1)
      route.error = SandboxRoute::Error::kInvalidName;
    else if (!route.sandbox.empty() && route.sandbox != *name)
      route.error = SandboxRoute::Error::kConflictingNames;
    route.sandbox = *name;
  }
  return route;
}

}  // namespace emulator::world
