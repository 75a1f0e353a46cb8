#include "door/digest.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <array>
#include <cstdio>
#include <stdexcept>

namespace emulator {

namespace {

using Digest = std::array<unsigned char, EVP_MAX_MD_SIZE>;

Digest Sha256(std::string_view text) {
  Digest digest{};
  if (EVP_Digest(text.data(), text.size(), digest.data(), nullptr, EVP_sha256(), nullptr) != 1)
    throw std::runtime_error("OpenSSL gives no SHA-256");
  return digest;
}

}  // namespace

std::string ShortHash(std::string_view secret) {
  const Digest digest = Sha256(secret);
  std::array<char, 12> text{};
  std::snprintf(text.data(), text.size(), "#%02x%02x%02x%02x%02x", digest[0], digest[1], digest[2],
                digest[3], digest[4]);
  return text.data();
}

bool SameSecret(std::string_view a, std::string_view b) {
  const Digest of_a = Sha256(a);
  const Digest of_b = Sha256(b);
  return CRYPTO_memcmp(of_a.data(), of_b.data(), of_a.size()) == 0;
}

}  // namespace emulator
