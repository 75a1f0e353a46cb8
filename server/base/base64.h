// Base64 in both alphabets (RFC 4648).
// Threads: pure functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace emulator {

// The alphabet for URLs, without padding, as tokens use it.
std::string Base64UrlEncode(std::string_view bytes);

// nullopt unless the text is exactly what Base64UrlEncode returns for some bytes: no two texts
// decode to the same bytes.
std::optional<std::string> Base64UrlDecode(std::string_view text);

// The alphabet of HTTP Basic, with padding. nullopt as above.
std::optional<std::string> Base64Decode(std::string_view text);

}  // namespace emulator
