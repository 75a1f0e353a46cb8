// Every outcome that the default world makes reachable with no set-up, each with a curl line: all
// that the operations document, and more. The README shows a part of the same table; a test runs
// every line of it, from the top. Threads: pure.
#pragma once

#include <string>

namespace emulator::cli {

// The table, with curl lines to an emulator at `url`. `operation`: a name, of which alone the
// outcomes are told; empty: of all, with their names between.
std::string PrintOutcomes(std::string url, const std::string& operation);

}  // namespace emulator::cli
