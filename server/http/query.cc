#include "http/query.h"

#include <algorithm>

#include "base/text.h"

namespace emulator::http {

std::vector<std::pair<std::string_view, std::string_view>> QueryParts(std::string_view target) {
  std::vector<std::pair<std::string_view, std::string_view>> parts;
  target.remove_prefix(std::min(target.find('?'), target.size()));
  while (!target.empty()) {
    target.remove_prefix(1);
    const std::string_view part = target.substr(0, target.find('&'));
    target.remove_prefix(part.size());
    const size_t equals = std::min(part.find('='), part.size());
    if (!part.empty())
      parts.emplace_back(part.substr(0, equals), part.substr(std::min(equals + 1, part.size())));
  }
  return parts;
}

std::optional<std::string> DecodeForm(std::string_view text) {
  std::string spaced(text);
  std::replace(spaced.begin(), spaced.end(), '+', ' ');
  return PercentDecode(spaced);
}

}  // namespace emulator::http
