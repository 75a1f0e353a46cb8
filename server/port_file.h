// The file that tells a harness which port the emulator got. It is there only while somebody
// listens: a harness that waits for it must not find that of an earlier run.
// Threads: one.
#pragma once

#include <string>

namespace emulator {

class PortFile {
 public:
  // Removes what an earlier run left there. `file`: empty for none.
  explicit PortFile(std::string file);
  ~PortFile() { Remove(); }
  PortFile(const PortFile&) = delete;
  PortFile& operator=(const PortFile&) = delete;

  // Whole or not at all. Throws std::runtime_error with the way out.
  void Write(int port);
  void Remove();

 private:
  const std::string file_;
};

}  // namespace emulator
