#include "base/base64.h"

#include <cjose/base64.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <stdexcept>

namespace emulator {

namespace {

using Encode = bool (*)(const uint8_t*, size_t, char**, size_t*, cjose_err*);
using Decode = bool (*)(const char*, size_t, uint8_t**, size_t*, cjose_err*);

std::string EncodeBy(Encode encode, std::string_view bytes) {
  char* text = nullptr;
  size_t size = 0;
  if (bytes.empty()) return {};
  if (!encode(reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size(), &text, &size, nullptr))
    throw std::runtime_error("the JOSE library writes no base64");
  const std::unique_ptr<char, void (*)(void*)> owner(text, std::free);
  return {text, size};
}

constexpr std::string_view kLettersAndDigits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

bool IsOf(std::string_view text, std::string_view more) {
  return std::all_of(text.begin(), text.end(), [&](char c) {
    return kLettersAndDigits.find(c) != std::string_view::npos ||
           more.find(c) != std::string_view::npos;
  });
}

// REQUIRES: a text of the alphabet, for the library ends the program over some that are none. It
// takes more than one text for the same bytes: only the one it writes is let through.
std::optional<std::string> DecodeBy(Decode decode, Encode encode, std::string_view text) {
  uint8_t* bytes = nullptr;
  size_t size = 0;
  if (text.empty()) return std::string();
  if (!decode(text.data(), text.size(), &bytes, &size, nullptr)) return std::nullopt;
  const std::unique_ptr<uint8_t, void (*)(void*)> owner(bytes, std::free);
  std::string decoded(reinterpret_cast<const char*>(bytes), size);
  if (EncodeBy(encode, decoded) != text) return std::nullopt;
  return decoded;
}

}  // namespace

std::string Base64UrlEncode(std::string_view bytes) {
  return EncodeBy(cjose_base64url_encode, bytes);
}

std::optional<std::string> Base64UrlDecode(std::string_view text) {
  if (!IsOf(text, "-_") || text.size() % 4 == 1) return std::nullopt;
  return DecodeBy(cjose_base64url_decode, cjose_base64url_encode, text);
}

std::optional<std::string> Base64Decode(std::string_view text) {
  std::string_view whole = text;
  for (int padding = 0; padding < 2 && whole.ends_with('='); ++padding) whole.remove_suffix(1);
  if (!IsOf(whole, "+/") || text.size() % 4 != 0 || whole.size() % 4 == 1) return std::nullopt;
  return DecodeBy(cjose_base64_decode, cjose_base64_encode, text);
}

}  // namespace emulator
