#include "api/parameters.h"

#include <charconv>

#include "base/text.h"
#include "http/query.h"

namespace emulator::api {

Parameter FindParameter(const http::Request& request, std::string_view name) {
  Parameter found;
  for (const auto& [raw_name, raw_value] : http::QueryParts(request.target)) {
    const auto decoded = http::DecodeForm(raw_name);
    if (!decoded || !EqualIgnoringCase(*decoded, name)) continue;
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

}  // namespace emulator::api
