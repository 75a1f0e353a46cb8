// Loads the seed: the fixtures that a world starts from.
// Threads: one; standard input is read once.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "fixtures/fixture_file.h"

namespace emulator::cli {

// The fixtures of all sources, or the default world if they contain no file. In that case `notify`
// gets a notice, unless there are no sources. Throws FixtureError.
fixtures::FixtureSet LoadSeed(const std::vector<std::string>& sources,
                              const std::function<void(std::string_view notice)>& notify);

}  // namespace emulator::cli
