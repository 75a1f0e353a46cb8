#include "http/redaction.h"

#include <algorithm>
#include <cstring>

#include "base/digest.h"
#include "base/text.h"

namespace emulator::http {

namespace {

constexpr size_t kShortestSecret = 8;

bool ContainsIgnoringCase(std::string_view text, std::string_view word) {
  for (size_t at = 0; at + word.size() <= text.size(); ++at)
    if (EqualIgnoringCase(text.substr(at, word.size()), word)) return true;
  return false;
}

// The scheme of an Authorization header. Empty if it is unknown, because then the word may itself
// be a secret.
std::string_view SchemeOf(std::string_view value) {
  const std::string_view word = value.substr(0, std::min(value.find(' '), value.size()));
  for (const std::string_view scheme :
       {"Bearer", "Basic", "Digest", "Negotiate", "NTLM", "DPoP", "Token"})
    if (EqualIgnoringCase(word, scheme)) return word;
  return {};
}

std::string_view CredentialsAfter(std::string_view scheme, std::string_view value) {
  value.remove_prefix(scheme.size());
  value.remove_prefix(std::min(value.find_first_not_of(' '), value.size()));
  return value;
}

}  // namespace

bool IsSecretName(std::string_view name) {
  const std::string decoded = PercentDecode(name).value_or(std::string(name));
  for (const std::string_view harmless :
       {"code_challenge", "code_challenge_method", "token_type_hint"})
    if (EqualIgnoringCase(decoded, harmless)) return false;
  for (const std::string_view word :
       {"token", "secret", "password", "code", "assertion", "authorization", "jwt", "cookie"})
    if (ContainsIgnoringCase(decoded, word)) return true;
  return false;
}

std::string RedactQuery(std::string_view target) {
  size_t at = target.find('?');
  if (at == std::string_view::npos) return std::string(target);
  std::string shown(target.substr(0, ++at));
  while (at <= target.size()) {
    const size_t end = std::min(target.find('&', at), target.size());
    const std::string_view pair = target.substr(at, end - at);
    const size_t equals = pair.find('=');
    shown += equals != std::string_view::npos && IsSecretName(pair.substr(0, equals))
                 ? std::string(pair.substr(0, equals + 1)) + "***"
                 : std::string(pair);
    if (end < target.size()) shown += '&';
    at = end + 1;
  }
  return shown;
}

Credentials::Credentials(const Headers& headers) {
  for (const Header& header : headers) {
    if (!EqualIgnoringCase(header.name, "Authorization")) continue;
    const std::string_view secret = CredentialsAfter(SchemeOf(header.value), header.value);
    if (secret.size() < kShortestSecret) continue;
    if (first_.empty())
      first_ = secret;
    else
      more_.push_back(secret);
  }
}

template <typename Visit>
void Credentials::ForEach(const Visit& visit) const {
  if (!first_.empty()) visit(first_);
  for (const std::string_view secret : more_) visit(secret);
}

bool Credentials::AppearIn(std::string_view text) const {
  bool found = false;
  ForEach([&](std::string_view secret) {
    found = found || (text.size() >= secret.size() && text.find(secret) != std::string_view::npos);
  });
  return found;
}

void Credentials::Redact(char* text, size_t size) const {
  const std::string_view whole(text, size);
  ForEach([&](std::string_view secret) {
    if (size < secret.size()) return;
    for (size_t at = whole.find(secret); at != std::string_view::npos;
         at = whole.find(secret, at + secret.size()))
      std::memset(text + at, '*', secret.size());
  });
}

std::string RedactAuthorization(std::string_view value, std::string_view token_name) {
  std::string shown(SchemeOf(value));
  const std::string_view secret = CredentialsAfter(shown, value);
  if (secret.empty()) return shown;
  if (!shown.empty()) shown += ' ';
  return shown += token_name.empty() ? ShortHash(secret) : std::string(token_name);
}

}  // namespace emulator::http
