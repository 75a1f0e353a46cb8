// Reads and writes whole files.
// Threads: any, for different files.
#pragma once

#include <string>

namespace emulator {

// Throws std::runtime_error; what() is a sentence for the user.
std::string ReadFile(const std::string& file);

// Writes a temporary file and renames it, so that readers never see a part of the text. Throws
// std::runtime_error; what() is a sentence for the user, in which `what` names the file: "the port
// file".
void WriteFile(const std::string& file, const std::string& text, const std::string& what);

}  // namespace emulator
