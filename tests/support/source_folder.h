// Paths of the project's files for tests that read them. Threads: constants.
#pragma once

#include <string>

namespace emulator {

// The folder that holds server/ and tests/. Defined in tests/main.cc, so that the path of a
// checkout is compiled into one file only.
std::string SourceFolder();

// The example bodies of the vendor's pages: OPERATION/STATUS.json.
std::string GoldenFolder();

}  // namespace emulator
