// Every outcome that the default world makes reachable with no set-up, each with a curl line. The
// README shows the same table; a test runs every line of it.
// Threads: pure.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace emulator {

struct ReachableOutcome {
  int status;
  std::string_view code;     // of the error; "-" for a success
  std::string_view meaning;  // when a client meets it
  std::string_view token;    // empty: no Authorization header
  std::string_view connection;
};

std::span<const ReachableOutcome> ReachableOutcomes();

// The table, with curl lines to an emulator at `url`.
std::string PrintOutcomes(std::string url);

}  // namespace emulator
