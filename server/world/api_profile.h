// Which of the vendor's pages a World follows, where there are several: older and newer copies of
// the same page differ, and the page contradicts itself. Each World has its own, so that a client
// can be tried against all of them. Threads: values and pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace emulator::world {

// kPage: as the seed page and its generation have it (scopes export:read and export:modify).
// kCurrent: as the vendor's newer pages do (scope itwin-platform).
enum class Edition : uint8_t { kPage, kCurrent };

// Aligned so that an atomic one is one word of the machine's: clang would want a library for it.
struct alignas(4) ApiProfile {
  Edition edition = Edition::kPage;
  // Readings: the other side of what the page says twice.
  bool project_link = false;    // the link is named project, as in the table, and not iTwin
  bool table_members = false;   // a connection has the table's members alone: no iTwinId, no _links
  bool no_retry_after = false;  // a 429 goes without the header, whose table gives it no meaning

  bool operator==(const ApiProfile&) const = default;
};

static_assert(sizeof(ApiProfile) == 4);

// "page", "current".
std::string_view Name(Edition edition);
std::optional<Edition> FindEdition(std::string_view name);

struct Assumption {
  std::string_view name;  // "project-link"
  bool ApiProfile::*member;
};
std::span<const Assumption> Assumptions();
// nullptr where none has that name.
const Assumption* FindAssumption(std::string_view name);
// Names of those that a profile has, in their order.
std::vector<std::string> AssumptionsOf(const ApiProfile& profile);

}  // namespace emulator::world
