#include "world/api_profile.h"

#include <algorithm>

namespace emulator::world {

namespace {

constexpr Assumption kAssumptions[] = {
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
  return kAssumptions;
}

const Assumption* FindAssumption(std::string_view name) {
  const auto* const found =
      std::find_if(std::begin(kAssumptions), std::end(kAssumptions),
                   [&](const Assumption& assumption) { return assumption.name == name; });
  return found == std::end(kAssumptions) ? nullptr : found;
}

std::vector<std::string> AssumptionsOf(const ApiProfile& profile) {
  std::vector<std::string> names;
  for (const Assumption& assumption : kAssumptions)
    if (profile.*assumption.member) names.emplace_back(assumption.name);
  return names;
}

}  // namespace emulator::world
