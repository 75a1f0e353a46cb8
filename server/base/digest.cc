#include "base/digest.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include <array>
#include <cstdio>
#include <stdexcept>

#include "base/base64.h"

namespace emulator {

std::string Sha256(std::string_view text) {
  std::string digest(32, '\0');
  if (EVP_Digest(text.data(), text.size(), reinterpret_cast<unsigned char*>(digest.data()), nullptr,
                 EVP_sha256(), nullptr) != 1)
    throw std::runtime_error("OpenSSL cannot compute a SHA-256");
  return digest;
}

std::string ShortHash(std::string_view secret) {
  const std::string digest = Sha256(secret);
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(digest[i]); };
  std::array<char, 12> text{};
  std::snprintf(text.data(), text.size(), "#%02x%02x%02x%02x%02x", byte(0), byte(1), byte(2),
                byte(3), byte(4));
  return text.data();
}

bool ConstantTimeEquals(std::string_view a, std::string_view b) {
  const std::string digest_a = Sha256(a);
  const std::string digest_b = Sha256(b);
  return CRYPTO_memcmp(digest_a.data(), digest_b.data(), digest_a.size()) == 0;
}

std::string NewSecret() {
  std::array<unsigned char, 32> bytes{};
  if (RAND_bytes(bytes.data(), bytes.size()) != 1)
    throw std::runtime_error("OpenSSL cannot provide random bytes");
  return Base64UrlEncode({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

}  // namespace emulator
