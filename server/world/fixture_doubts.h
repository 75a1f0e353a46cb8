// What fixtures may say and nobody is likely to mean: such a world loads and answers as it says,
// yet a token of it never works. Told to the user, never refused.
// Threads: pure.
#pragma once

#include <string>
#include <vector>

#include "world/fixture_file.h"

namespace emulator {

// Sentences as those of FixtureError, at most 20. `scopes`: those that some operation asks for.
// A set that the store will refuse has perhaps fewer.
std::vector<std::string> Doubts(const FixtureSet& set, const std::vector<std::string>& scopes);

}  // namespace emulator
