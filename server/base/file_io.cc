#include "base/file_io.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace emulator {

namespace fs = std::filesystem;

std::string ReadFile(const std::string& file) {
  std::error_code error;
  if (fs::is_directory(file, error))
    throw std::runtime_error("cannot read " + file + ", which is a folder. Name a file.");
  std::ifstream in(file, std::ios::binary);
  std::string text(std::istreambuf_iterator<char>(in), {});
  if (!in && text.empty())
    throw std::runtime_error("cannot read " + file + ". Name an existing file.");
  return text;
}

void WriteFile(const std::string& file, const std::string& text, const std::string& what) {
  const std::string temporary = file + ".new";
  std::ofstream(temporary, std::ios::binary) << text << std::flush;
  std::error_code error;
  fs::rename(temporary, file, error);
  if (!error) return;
  std::error_code ignored;
  fs::remove(temporary, ignored);
  throw std::runtime_error("cannot write " + what + " " + file + ": " + error.message() +
                           ". Name a file in a folder that you may write to.");
}

}  // namespace emulator
