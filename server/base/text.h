// Small functions on text that every folder uses. Letters and digits are ASCII.
// Threads: pure functions.
#pragma once

#include <concepts>
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
// A printable ASCII character other than a space.
inline bool IsVisible(char c) {
  return c > ' ' && c < '\x7f';
}

inline char Lowercase(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}
// The value of a hexadecimal digit; -1 for any other character.
int HexDigit(char c);

bool EqualIgnoringCase(std::string_view a, std::string_view b);

// Parses a decimal number without sign, from `least` to `most`. nullopt if the text is anything
// else.
std::optional<uint64_t> ParseWholeNumber(std::string_view text, uint64_t least, uint64_t most);

// Removes spaces and tabs at both ends (RFC 9110 section 5.6.3). A view into the text.
std::string_view Trim(std::string_view text);

// "a, b, c"
std::string Join(const std::vector<std::string>& parts, std::string_view separator = ", ");

// The non-empty parts between the separators. Views into the text.
std::vector<std::string_view> Split(std::string_view text, char separator);
// The views would outlive a temporary.
template <std::same_as<std::string> Text>
std::vector<std::string_view> Split(Text&& text, char separator) = delete;

// Writes every byte but A-Z a-z 0-9 - . _ ~ as %XX (RFC 3986 section 2.3).
std::string PercentEncode(std::string_view text);

// nullopt if a '%' is not followed by two hexadecimal digits (RFC 3986 section 2.1).
std::optional<std::string> PercentDecode(std::string_view text);

// Replaces each control character by '?': U+0000 to U+001F, U+007F, and in UTF-8 U+0080 to U+009F,
// so that foreign text can neither end a line nor control a terminal.
std::string ScrubControls(std::string_view text);

}  // namespace emulator
