// The environment variables of the process as a value. Only this file and child_process.cc read
// them. Threads: any, while no thread changes the environment.
#pragma once

#include <map>
#include <string>

namespace emulator::cli {

using Environment = std::map<std::string, std::string>;

// Without the variables that are empty: an empty variable counts as unset.
Environment ReadEnvironment();

}  // namespace emulator::cli
