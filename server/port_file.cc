#include "port_file.h"

#include <filesystem>
#include <fstream>
#include <stdexcept>

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
  const std::string aside = file_ + ".new";
  std::ofstream(aside) << port << "\n" << std::flush;
  std::error_code error;
  fs::rename(aside, file_, error);
  if (!error) return;
  std::error_code ignored;
  fs::remove(aside, ignored);
  throw std::runtime_error("cannot write the port file " + file_ + ": " + error.message() +
                           ". Name a file in a folder that you may write to.");
}

}  // namespace emulator
