#include "api/parameters.h"

#include <charconv>

namespace emulator::api {

Parameter FindParameter(const http::Request& request, std::string_view name) {
  Parameter found;
  for (const auto& [raw_name, raw_value] : http::QueryParts(request.target)) {
    const auto decoded = http::DecodeForm(raw_name);
    if (!decoded || !http::EqualIgnoringCase(*decoded, name)) continue;
    found.value = found.is_there ? std::nullopt : http::DecodeForm(raw_value);
    found.is_there = true;
  }
  return found;
}

std::optional<int64_t> ReadNumber(std::string_view text, int64_t least, int64_t most) {
  int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  if (number < least || number > most) return std::nullopt;
  return number;
}

std::string PercentEncode(std::string_view text) {
  constexpr std::string_view kPlain =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
  std::string encoded;
  for (const char c : text) {
    if (kPlain.find(c) != std::string_view::npos) {
      encoded += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    encoded += '%';
    encoded += "0123456789ABCDEF"[byte / 16];
    encoded += "0123456789ABCDEF"[byte % 16];
  }
  return encoded;
}

}  // namespace emulator::api
