#include "port_file.h"

#include <filesystem>

#include "whole_file.h"

namespace emulator {

namespace fs = std::filesystem;

PortFile::PortFile(std::string file) : file_(std::move(file)) {
  Remove();
}

void PortFile::Remove() {
  std::error_code ignored;
  if (!file_.empty() && fs::is_regular_file(file_, ignored)) fs::remove(file_, ignored);
}

void PortFile::Write(int port) {
  if (file_.empty()) return;
  WriteWhole(file_, std::to_string(port) + "\n", "the port file");
}

}  // namespace emulator
