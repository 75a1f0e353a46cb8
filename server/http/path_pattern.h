// Patterns of paths, as planned faults and verifications write them.
// Threads: pure.
#pragma once

#include <string_view>

namespace emulator::http {

// `*` is any run of characters, also none and also with '/'. Compares without case, as the literals
// of a route do, with the path as sent or percent-decoded once; where the case of an id matters,
// the connection's id tells.
bool MatchesPath(std::string_view pattern, std::string_view path);

}  // namespace emulator::http
