#include "tokens/issuer.h"

namespace emulator::tokens {

namespace {

// Limit of a set that clients fill; no test needs so many names.
constexpr size_t kMaxNames = 256;

std::string WithoutSlash(std::string url) {
  while (url.ends_with('/')) url.pop_back();
  return url;
}

}  // namespace

Issuer::Issuer(Settings settings, std::shared_ptr<const crypto::SigningKey> key)
    : settings_(std::move(settings)), key_(std::move(key)) {
  if (!settings_.public_url.empty()) AddAlias(WithoutSlash(settings_.public_url));
}

std::string Issuer::NameOf(const world::World& world, const std::string& root_url) const {
  return (settings_.name.empty() ? root_url : settings_.name) + world.path_prefix();
}

void Issuer::AddAlias(const std::string& root_url) const {
  const std::lock_guard lock(mutex_);
  if (roots_.size() < kMaxNames) roots_.insert(root_url);
}

bool Issuer::IsNameOf(const world::World& world, std::string_view name,
                      const http::Request& request) const {
  const std::string prefix = world.path_prefix();
  if (!name.ends_with(prefix)) return false;
  const std::string_view root = name.substr(0, name.size() - prefix.size());
  if (!settings_.name.empty()) return root == settings_.name;
  if (root == http::OriginOf(request)) return true;
  const std::lock_guard lock(mutex_);
  return roots_.contains(root);
}

}  // namespace emulator::tokens
