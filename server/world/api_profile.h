// The edition of the vendor's pages that a world follows, and the sides it takes where a page
// contradicts itself. Each world has its own profile, so that a client can be tested against each.
// Threads: values and pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace emulator::world {

// kPage: the archived page that this project started from (scopes export:read and export:modify).
// kCurrent: the vendor's newer pages (scope itwin-platform).
enum class Edition : uint8_t { kPage, kCurrent };

// Aligned to be a lock-free atomic; clang would otherwise need libatomic.
struct alignas(4) ApiProfile {
  Edition edition = Edition::kPage;
  // Assumptions: each chooses the other side of a contradiction in the page.
  bool project_link = false;    // the link is named project, as in the table, instead of iTwin
  bool table_members = false;   // a connection has only the table's members: no iTwinId, no _links
  bool no_retry_after = false;  // a 429 lacks the header, to which the table gives no meaning

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
// nullptr if the name is unknown.
const Assumption* FindAssumption(std::string_view name);
// The names of the assumptions that a profile makes, in the order of Assumptions().
std::vector<std::string> AssumptionsOf(const ApiProfile& profile);

}  // namespace emulator::world
