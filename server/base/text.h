// Small functions on text that every folder uses. Letters and digits are ASCII.
// Threads: pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace emulator {

inline bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}
inline bool IsLetterOrDigit(char c) {
  return IsDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
// A printable ASCII character, not a space.
inline bool IsVisible(char c) {
  return c > ' ' && c < '\x7f';
}

// Compares without case.
bool EqualIgnoringCase(std::string_view a, std::string_view b);

// A decimal number without sign, from `least` to `most`. nullopt: the text is something else.
std::optional<uint64_t> ParseWholeNumber(std::string_view text, uint64_t least, uint64_t most);

// Without spaces and tabs around it (RFC 9110 section 5.6.3). A view into the text.
std::string_view Trim(std::string_view text);

// "a, b, c"
std::string Join(const std::vector<std::string>& parts, std::string_view separator = ", ");

// The parts between the separators, without the empty ones. Views into the text.
std::vector<std::string_view> Split(std::string_view text, char separator);

// Writes every byte but A-Z a-z 0-9 - . _ ~ as %XX (RFC 3986 section 2.3).
std::string PercentEncode(std::string_view text);

// nullopt when a '%' is not followed by two hexadecimal digits (RFC 3986 section 2.1).
std::optional<std::string> PercentDecode(std::string_view text);

// Replaces each control character by '?': U+0000 to U+001F, U+007F, and in UTF-8 U+0080 to U+009F,
// so that text from elsewhere neither breaks a line nor drives a terminal.
std::string ScrubControls(std::string_view text);

}  // namespace emulator
