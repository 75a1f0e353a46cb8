// A command that runs beside the emulator, for `exec`.
// Threads: one.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "cli/signals.h"

namespace emulator::cli {

// The command could not be started; 126 or 127, as a shell says it.
struct NotStarted {
  int code;
  std::string sentence;
};

class ChildProcess {
 public:
  using Variables = std::vector<std::pair<std::string, std::string>>;

  // It gets the standard descriptors and the environment of this process, and the variables.
  // Throws NotStarted. REQUIRES: not empty.
  ChildProcess(const std::vector<std::string>& command, const Variables& variables);

  // Until it ends; what signals come meanwhile are passed on to it, but for those that the terminal
  // sends to both. The exit code as a shell says it: 128 and the signal for one that was killed.
  int Wait(Signals& signals);

 private:
  int id_ = 0;
};

}  // namespace emulator::cli
