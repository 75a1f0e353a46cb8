// Every outcome that the default world makes reachable with no set-up, each with a curl line. The
// README shows the same table; a test runs every line of it.
// Threads: pure.
#pragma once

#include <string>

namespace emulator {

// The table, with curl lines to an emulator at `url`.
std::string PrintOutcomes(std::string url);

}  // namespace emulator
