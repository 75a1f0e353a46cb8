#include "world/world.h"

namespace emulator {

const std::vector<RateLimit>& World::LimitsOf(const Client& client) const {
  if (settings.limits_for_all) return *settings.limits_for_all;
  if (!client.rate_limits.empty()) return client.rate_limits;
  return TierLimits(client.tier);
}

std::string BaseUrl(const std::string& public_url, const Request& request,
                    const std::string& sandbox) {
  std::string url = public_url.empty() ? OriginOf(request) : public_url;
  while (url.ends_with('/')) url.pop_back();
  if (!sandbox.empty()) url.append(kSandboxPrefix).append("/").append(sandbox);
  return url;
}

}  // namespace emulator
