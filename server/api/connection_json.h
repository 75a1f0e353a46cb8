// A connection as the vendor's answers show it. The stored text, world/fixture_json.h's, is that of
// the page's example; where the answer, the edition or a reading wants another, it is made anew.
// Threads: pure.
#pragma once

#include <string>

#include "world/rendition.h"
#include "world/rows.h"

namespace emulator {

// Where it stands: the vendor's examples order its members in three ways [D].
enum class ConnectionPlace { kAlone, kCreated, kListed };

// `json`: a ConnectionRow's.
std::string ShowConnection(const std::string& json, ConnectionPlace place,
                           const Rendition& rendition);

}  // namespace emulator
