#include "world/grants.h"

#include <utility>

#include "base/digest.h"

namespace emulator::world {

namespace {

constexpr size_t kMaxSecrets = 10'000;  // of each type
constexpr size_t kMaxRevoked = 100'000;

}  // namespace

std::string Grants::Add(Secrets& secrets, Grant grant) {
  if (secrets.in_order.size() >= kMaxSecrets) {
    secrets.by_digest.erase(secrets.in_order.front());
    secrets.in_order.pop_front();
  }
  std::string secret = NewSecret();
  const std::string& digest = secrets.in_order.emplace_back(Sha256(secret));
  secrets.by_digest.emplace(digest, Secrets::Secret{std::move(grant)});
  return secret;
}

std::string Grants::AddCode(Grant grant) {
  const std::lock_guard lock(mutex_);
  grant.id = ++last_id_;
  return Add(codes_, std::move(grant));
}

std::string Grants::AddRefreshToken(Grant grant) {
  const std::lock_guard lock(mutex_);
  if (grant.id == 0) grant.id = ++last_id_;
  return Add(refresh_tokens_, std::move(grant));
}

Grants::Found Grants::Find(const Secrets& secrets, std::string_view secret, Time now) {
  const auto found = secrets.by_digest.find(Sha256(secret));
  if (found == secrets.by_digest.end()) return {std::nullopt, Error::kUnknown};
  const Secrets::Secret& known = found->second;
  if (known.is_used) return {std::nullopt, Error::kUsed};
  if (now >= known.grant.expires) return {std::nullopt, Error::kExpired};
  return {known.grant};
}

Grants::Found Grants::FindCode(std::string_view code, Time now) const {
  const std::lock_guard lock(mutex_);
  return Find(codes_, code, now);
}

Grants::Found Grants::FindRefreshToken(std::string_view token, Time now) const {
  const std::lock_guard lock(mutex_);
  return Find(refresh_tokens_, token, now);
}

bool Grants::Use(Secrets& secrets, std::string_view secret) {
  const std::lock_guard lock(mutex_);
  const auto found = secrets.by_digest.find(Sha256(secret));
  if (found == secrets.by_digest.end()) return false;
  if (!std::exchange(found->second.is_used, true)) return true;
  EndLogIn(found->second.grant.id);
  return false;
}

bool Grants::UseCode(std::string_view code) {
  return Use(codes_, code);
}

bool Grants::UseRefreshToken(std::string_view token) {
  return Use(refresh_tokens_, token);
}

void Grants::EndLogIn(uint64_t id) {
  for (auto& [digest, known] : refresh_tokens_.by_digest)
    if (known.grant.id == id) known.is_used = true;
}

void Grants::RevokeRefreshToken(std::string_view token) {
  const std::lock_guard lock(mutex_);
  const auto found = refresh_tokens_.by_digest.find(Sha256(token));
  if (found != refresh_tokens_.by_digest.end()) EndLogIn(found->second.grant.id);
}

void Grants::RevokeAccessToken(std::string_view token) {
  const std::lock_guard lock(mutex_);
  std::string digest = Sha256(token);
  if (!revoked_.insert(digest).second) return;
  revoked_in_order_.push_back(std::move(digest));
  if (revoked_.size() > kMaxRevoked) {
    revoked_.erase(revoked_in_order_.front());
    revoked_in_order_.pop_front();
  }
  has_revoked_ = true;
}

bool Grants::IsRevoked(std::string_view access_token) const {
  if (!has_revoked_) return false;
  const std::string digest = Sha256(access_token);
  const std::lock_guard lock(mutex_);
  return revoked_.contains(digest);
}

}  // namespace emulator::world
