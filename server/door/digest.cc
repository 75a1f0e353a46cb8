#include "door/digest.h"

#include <openssl/evp.h>

#include <array>
#include <cstdio>
#include <stdexcept>

namespace emulator {

std::string ShortHash(std::string_view secret) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  if (EVP_Digest(secret.data(), secret.size(), digest.data(), nullptr, EVP_sha256(), nullptr) != 1)
    throw std::runtime_error("OpenSSL gives no SHA-256");
  std::array<char, 12> text{};
  std::snprintf(text.data(), text.size(), "#%02x%02x%02x%02x%02x", digest[0], digest[1], digest[2],
                digest[3], digest[4]);
  return text.data();
}

}  // namespace emulator
