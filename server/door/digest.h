// What may be told of a secret: a short stable hash.
#pragma once

#include <string>
#include <string_view>

namespace emulator {

// '#' and the first 10 hexadecimal digits of the SHA-256: enough to tell two tokens apart in a log,
// far too little to get one back.
std::string ShortHash(std::string_view secret);

// Equality of which the time it takes tells nothing.
bool SameSecret(std::string_view a, std::string_view b);

}  // namespace emulator
