// The path patterns of faults and verifications.
// Threads: pure functions.
#pragma once

#include <string_view>

namespace emulator::http {

// `*` matches any characters, also none and also '/'. Compares without case, like the literals of a
// route. True if the pattern matches the path as sent, or the path percent-decoded once. To match
// an id with its case, use the connection's id instead.
bool MatchesPath(std::string_view pattern, std::string_view path);

}  // namespace emulator::http
