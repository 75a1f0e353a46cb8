// The signals of the program. SIGTERM and SIGINT stop it, SIGHUP reloads fixtures and certificate.
// While the program loads, SIGTERM and SIGINT end it at once, which is safe for a store; later it
// waits for them. They are handled because PID 1 has no default action. `exec` passes
// signals on to its command.
// Threads: construct in main before any other thread, so that no other thread gets these signals.
#pragma once

#include <chrono>
#include <csignal>

namespace emulator::cli {

class Signals {
 public:
  enum class Purpose { kServe, kPassOn };

  // The signals are blocked at first.
  explicit Signals(Purpose purpose);

  void Block();
  void Unblock();

  enum class Event { kStop, kReload, kTimeout };
  // Waits for the next signal, for at most `timeout`; 0: without a limit. REQUIRES: blocked.
  Event Wait(std::chrono::milliseconds timeout);

  struct Received {
    int number;
    bool is_from_terminal;  // a terminal sends it to every process in its foreground
  };
  // Waits for a signal to pass on, or SIGCHLD. REQUIRES: blocked, kPassOn.
  Received Next();

 private:
  sigset_t signals_{};
};

}  // namespace emulator::cli
