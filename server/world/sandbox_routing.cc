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
  SandboxRoute address;
  const std::string_view target = request.target;
  if (HasPrefix(request.Path())) {
    const size_t start = std::min(kSandboxPrefix.size() + 1, target.size());
    const size_t end = std::min(target.find_first_of("/?", start), target.size());
    address.sandbox = target.substr(start, end - start);
    address.target = target.substr(end);
    if (!address.target.starts_with('/')) address.target.insert(0, "/");
    if (!IsSandboxName(address.sandbox)) address.defect = SandboxRoute::Defect::kBadName;
  }
  if (const std::string* name = request.headers.Find("X-Emulator-Sandbox")) {
    if (!IsSandboxName(*name) || request.headers.Count("X-Emulator-Sandbox") > 1)
      address.defect = SandboxRoute::Defect::kBadName;
    else if (!address.sandbox.empty() && address.sandbox != *name)
      address.defect = SandboxRoute::Defect::kTwoNames;
    address.sandbox = *name;
  }
  return address;
}

}  // namespace emulator::world
