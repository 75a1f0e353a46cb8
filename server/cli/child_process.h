// The command that `exec` runs as a child process.
// Threads: one.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "cli/signals.h"

namespace emulator::cli {

// The command could not be started. `code`: kNotExecutable or kCommandNotFound, as in a shell.
struct NotStarted {
  int code;
  std::string message;
};

class ChildProcess {
 public:
  using Variables = std::vector<std::pair<std::string, std::string>>;

  // Starts the command with this process's standard descriptors and environment, in which
  // `variables` replace others of their names. Throws NotStarted. REQUIRES: `command` is not empty.
  ChildProcess(const std::vector<std::string>& command, const Variables& variables);

  // Waits until the command ends and passes signals on to it, except those that a terminal sends to
  // both. Returns the exit code as a shell does: 128 + N if signal N killed the command.
  int Wait(Signals& signals);

 private:
  int id_ = 0;
};

}  // namespace emulator::cli
