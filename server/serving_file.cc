#include "serving_file.h"

#include <filesystem>

#include "whole_file.h"

namespace emulator {

namespace fs = std::filesystem;

ServingFile::ServingFile(std::string file, std::string what)
    : file_(std::move(file)), what_(std::move(what)) {
  Remove();
}

void ServingFile::Remove() {
  std::error_code ignored;
  if (!file_.empty() && fs::is_regular_file(file_, ignored)) fs::remove(file_, ignored);
}

void ServingFile::Write(const std::string& text) {
  if (file_.empty()) return;
  WriteWhole(file_, text, what_);
}

}  // namespace emulator
