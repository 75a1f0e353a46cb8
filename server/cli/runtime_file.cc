#include "cli/runtime_file.h"

#include <filesystem>

#include "base/file_io.h"

namespace emulator::cli {

namespace fs = std::filesystem;

RuntimeFile::RuntimeFile(std::string file, std::string what)
    : file_(std::move(file)), what_(std::move(what)) {
  Remove();
}

void RuntimeFile::Remove() {
  std::error_code ignored;
  if (!file_.empty() && fs::is_regular_file(file_, ignored)) fs::remove(file_, ignored);
}

void RuntimeFile::Write(const std::string& text) {
  if (file_.empty()) return;
  WriteFile(file_, text, what_);
}

}  // namespace emulator::cli
