#include "base/base64.h"

#include <array>
#include <cstdint>

namespace emulator {

namespace {

constexpr std::string_view kStandardAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kUrlAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

// The value of each character; kNoValue outside the alphabet.
using Values = std::array<uint8_t, 256>;
constexpr uint8_t kNoValue = 64;

constexpr Values ValuesOf(std::string_view alphabet) {
  Values values{};
  for (uint8_t& value : values) value = kNoValue;
  for (size_t i = 0; i < alphabet.size(); ++i)
    values[static_cast<unsigned char>(alphabet[i])] = static_cast<uint8_t>(i);
  return values;
}

constexpr Values kStandardValues = ValuesOf(kStandardAlphabet);
constexpr Values kUrlValues = ValuesOf(kUrlAlphabet);

// `text`: without padding.
std::optional<std::string> Decode(std::string_view text, const Values& values) {
  if (text.size() % 4 == 1) return std::nullopt;
  std::string bytes;
  bytes.reserve(text.size() / 4 * 3 + 2);
  uint32_t bits = 0;  // the low `count` bits are not written yet
  int count = 0;
  for (const char c : text) {
    const uint8_t value = values[static_cast<unsigned char>(c)];
    if (value == kNoValue) return std::nullopt;
    bits = (bits << 6 | value) & 0xfff;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes += static_cast<char>(bits >> count & 0xff);
  }
  // The encoder leaves the unused bits of the last character 0.
  if (bits & ((1u << count) - 1)) return std::nullopt;
  return bytes;
}

}  // namespace

std::string Base64UrlEncode(std::string_view bytes) {
  std::string text;
  text.reserve((bytes.size() * 4 + 2) / 3);
  uint32_t bits = 0;  // the low `count` bits are not written yet
  int count = 0;
  for (const char c : bytes) {
    bits = (bits << 8 | static_cast<unsigned char>(c)) & 0xffff;
    for (count += 8; count >= 6;) {
      count -= 6;
      text += kUrlAlphabet[bits >> count & 0x3f];
    }
  }
  if (count > 0) text += kUrlAlphabet[bits << (6 - count) & 0x3f];
  return text;
}

std::optional<std::string> Base64UrlDecode(std::string_view text) {
  return Decode(text, kUrlValues);
}

std::optional<std::string> Base64Decode(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  for (int padding = 0; padding < 2 && text.ends_with('='); ++padding) text.remove_suffix(1);
  return Decode(text, kStandardValues);
}

}  // namespace emulator
