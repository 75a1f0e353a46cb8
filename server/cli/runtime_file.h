// A file that tells a harness about the emulator: which port it got, which CA to trust. It is there
// only while somebody listens: a harness that waits for it must not find that of an earlier run.
// Threads: one.
#pragma once

#include <string>

namespace emulator::cli {

class RuntimeFile {
 public:
  // Removes what an earlier run left there. `file`: empty for none. `what`: as a sentence calls it,
  // "the port file".
  RuntimeFile(std::string file, std::string what);
  ~RuntimeFile() { Remove(); }
  RuntimeFile(const RuntimeFile&) = delete;
  RuntimeFile& operator=(const RuntimeFile&) = delete;

  // Whole or not at all. Throws std::runtime_error with the way out.
  void Write(const std::string& text);
  void Remove();

 private:
  const std::string file_;
  const std::string what_;
};

}  // namespace emulator::cli
