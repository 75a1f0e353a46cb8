// Renders a connection as the vendor's answers show it. The stored JSON (fixtures/fixture_json.h)
// has the form of the page's example; if the answer, the edition or an assumption needs another
// form, it is rendered again.
// Threads: pure.
#pragma once

#include <string>

#include "fixtures/model.h"
#include "world/api_profile.h"

namespace emulator::api {

// The answer it is part of: the vendor's examples order the members in three ways [D].
enum class ConnectionPlace { kAlone, kCreated, kListed };

// `json`: of a CachedConnection.
std::string ShowConnection(const std::string& json, ConnectionPlace place,
                           const world::ApiProfile& profile);

}  // namespace emulator::api
