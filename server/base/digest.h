// Digests, and what may be told of a secret: a short stable hash. And secrets that nobody guesses.
// Threads: any.
#pragma once

#include <string>
#include <string_view>

namespace emulator {

// 32 bytes.
std::string Sha256(std::string_view text);

// '#' and the first 10 hexadecimal digits of the SHA-256: enough to tell two tokens apart in a log,
// far too little to get one back.
std::string ShortHash(std::string_view secret);

// Equality of which the time it takes tells nothing.
bool ConstantTimeEquals(std::string_view a, std::string_view b);

// A new secret of 256 random bits, in 43 characters that may stand in a URL.
std::string NewSecret();

}  // namespace emulator
