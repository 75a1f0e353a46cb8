#include "api/connection_json.h"

#include <initializer_list>
#include <nlohmann/json.hpp>

namespace emulator::api {

namespace {

using nlohmann::ordered_json;

std::initializer_list<const char*> MembersAt(ConnectionPlace place, world::Edition edition) {
  static constexpr auto kAlone = {"id",          "iModelId",           "iTwinId",
                                  "displayName", "authenticationType", "_links"};
  static constexpr auto kCreated = {"id",      "displayName",        "iModelId",
                                    "iTwinId", "authenticationType", "_links"};
  static constexpr auto kListed = {"iModelId", "iTwinId", "authenticationType",
                                   "_links",   "id",      "displayName"};
  if (place == ConnectionPlace::kCreated) return kCreated;
  if (place == ConnectionPlace::kListed && edition == world::Edition::kCurrent) return kListed;
  return kAlone;
}

bool IsAsStored(ConnectionPlace place, const world::ApiProfile& profile) {
  return !profile.project_link && !profile.table_members &&
         (place == ConnectionPlace::kAlone ||
          (place == ConnectionPlace::kListed && profile.edition == world::Edition::kPage));
}

ordered_json WithProjectLink(const ordered_json& links) {
  ordered_json renamed;
  for (const auto& [name, link] : links.items()) renamed[name == "iTwin" ? "project" : name] = link;
  return renamed;
}

}  // namespace

std::string ShowConnection(const std::string& json, ConnectionPlace place,
                           const world::ApiProfile& profile) {
  if (IsAsStored(place, profile)) return json;
  const ordered_json stored = ordered_json::parse(json);
  ordered_json shown;
  for (const char* member : MembersAt(place, profile.edition)) {
    const std::string_view name = member;
    if (!stored.contains(member)) continue;
    if (profile.table_members && (name == "iTwinId" || name == "_links")) continue;
    shown[member] =
        name == "_links" && profile.project_link ? WithProjectLink(stored[member]) : stored[member];
  }
  return shown.dump();
}

}  // namespace emulator::api
