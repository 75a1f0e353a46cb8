// A connection as the vendor's answers show it. The stored text, fixtures/fixture_json.h's, is that
// of the page's example; where the answer, the edition or a reading wants another, it is made anew.
// Threads: pure.
#pragma once

#include <string>

#include "fixtures/model.h"
#include "world/api_profile.h"

namespace emulator::api {

// Where it stands: the vendor's examples order its members in three ways [D].
enum class ConnectionPlace { kAlone, kCreated, kListed };

// `json`: a CachedConnection's.
std::string ShowConnection(const std::string& json, ConnectionPlace place,
                           const world::ApiProfile& profile);

}  // namespace emulator::api
