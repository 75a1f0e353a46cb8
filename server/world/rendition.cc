#include "world/rendition.h"

#include <algorithm>

namespace emulator {

namespace {

constexpr Reading kReadings[] = {
    {"project-link", &Rendition::project_link},
    {"table-members", &Rendition::table_members},
    {"no-retry-after", &Rendition::no_retry_after},
};

}  // namespace

std::string_view Name(Edition edition) {
  return edition == Edition::kPage ? "page" : "current";
}

std::optional<Edition> FindEdition(std::string_view name) {
  for (const Edition edition : {Edition::kPage, Edition::kCurrent})
    if (Name(edition) == name) return edition;
  return std::nullopt;
}

std::span<const Reading> Readings() {
  return kReadings;
}

const Reading* FindReading(std::string_view name) {
  const auto* const found =
      std::find_if(std::begin(kReadings), std::end(kReadings),
                   [&](const Reading& reading) { return reading.name == name; });
  return found == std::end(kReadings) ? nullptr : found;
}

std::vector<std::string> ReadingsOf(const Rendition& rendition) {
  std::vector<std::string> names;
  for (const Reading& reading : kReadings)
    if (rendition.*reading.member) names.emplace_back(reading.name);
  return names;
}

}  // namespace emulator
