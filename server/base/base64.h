// Bytes as base64 text, in both alphabets (RFC 4648), by the JOSE library.
// Threads: pure functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace emulator {

// The alphabet for URLs, without padding: as tokens are written.
std::string Base64UrlEncode(std::string_view bytes);

// nullopt where the text is not exactly what Base64UrlEncode gives for some bytes: so that no two
// texts stand for the same.
std::optional<std::string> Base64UrlDecode(std::string_view text);

// The alphabet of HTTP Basic, with padding. nullopt as above.
std::optional<std::string> Base64Decode(std::string_view text);

}  // namespace emulator
