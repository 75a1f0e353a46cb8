// A file that describes the running emulator: its port, or its CA. It exists only while the
// emulator listens, so that a test harness that waits for the file never finds that of an earlier
// run. Threads: one.
#pragma once

#include <string>

namespace emulator::cli {

class RuntimeFile {
 public:
  // Removes the file of an earlier run. `file`: empty for none. `what`: its name in messages, such
  // as "the port file".
  RuntimeFile(std::string file, std::string what);
  ~RuntimeFile() { Remove(); }
  RuntimeFile(const RuntimeFile&) = delete;
  RuntimeFile& operator=(const RuntimeFile&) = delete;

  // Atomic. Throws std::runtime_error with a message for the user.
  void Write(const std::string& text);
  void Remove();

 private:
  const std::string file_;
  const std::string what_;
};

}  // namespace emulator::cli
