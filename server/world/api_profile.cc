#include "world/api_profile.h"

#include <algorithm>

namespace emulator::world {

namespace {

constexpr Assumption kReadings[] = {
    {"project-link", &ApiProfile::project_link},
    {"table-members", &ApiProfile::table_members},
    {"no-retry-after", &ApiProfile::no_retry_after},
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

std::span<const Assumption> Assumptions() {
  return kReadings;
}

const Assumption* FindAssumption(std::string_view name) {
  const auto* const found =
      std::find_if(std::begin(kReadings), std::end(kReadings),
                   [&](const Assumption& reading) { return reading.name == name; });
  return found == std::end(kReadings) ? nullptr : found;
}

std::vector<std::string> AssumptionsOf(const ApiProfile& profile) {
  std::vector<std::string> names;
  for (const Assumption& reading : kReadings)
    if (profile.*reading.member) names.emplace_back(reading.name);
  return names;
}

}  // namespace emulator::world
