// SHA-256, the short hash that stands for a secret in logs, and new secrets.
// Threads: any.
#pragma once

#include <string>
#include <string_view>

namespace emulator {

// The digest as 32 bytes.
std::string Sha256(std::string_view text);

// '#' and the first 10 hexadecimal digits of the SHA-256: distinguishes tokens in a log without
// revealing them.
std::string ShortHash(std::string_view secret);

// Compares in constant time.
bool ConstantTimeEquals(std::string_view a, std::string_view b);

// A new secret: 256 random bits as 43 characters of base64url.
std::string NewSecret();

}  // namespace emulator
