#include "world/world.h"

namespace emulator::world {

const std::vector<fixtures::RateLimit>& World::LimitsOf(const fixtures::Client& client) const {
  if (settings.limits_for_all) return *settings.limits_for_all;
  if (!client.rate_limits.empty()) return client.rate_limits;
  return fixtures::TierLimits(client.tier);
}

std::string BaseUrl(const std::string& public_url, const http::Request& request,
                    const std::string& sandbox) {
  std::string url = public_url.empty() ? http::OriginOf(request) : public_url;
  while (url.ends_with('/')) url.pop_back();
  if (!sandbox.empty()) url.append(kSandboxPrefix).append("/").append(sandbox);
  return url;
}

}  // namespace emulator::world
