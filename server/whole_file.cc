#include "whole_file.h"

#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace emulator {

namespace fs = std::filesystem;

void WriteWhole(const std::string& file, const std::string& text, const std::string& what) {
  const std::string aside = file + ".new";
  std::ofstream(aside, std::ios::binary) << text << std::flush;
  std::error_code error;
  fs::rename(aside, file, error);
  if (!error) return;
  std::error_code ignored;
  fs::remove(aside, ignored);
  throw std::runtime_error("cannot write " + what + " " + file + ": " + error.message() +
                           ". Name a file in a folder that you may write to.");
}

}  // namespace emulator
