#include "door/base64.h"

#include <cjose/base64.h>

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

// The library takes more than one text for the same bytes: only the one it writes is let through.
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
  return DecodeBy(cjose_base64url_decode, cjose_base64url_encode, text);
}

std::optional<std::string> Base64Decode(std::string_view text) {
  return DecodeBy(cjose_base64_decode, cjose_base64_encode, text);
}

}  // namespace emulator
