// Files that are there as a whole or not at all.
// Threads: any, for different files.
#pragma once

#include <string>

namespace emulator {

// Throws std::runtime_error, with a sentence.
std::string ReadFile(const std::string& file);

// Writes aside and renames. Throws std::runtime_error, with a sentence; `what` names the file in
// it: "the port file".
void WriteFile(const std::string& file, const std::string& text, const std::string& what);

}  // namespace emulator
