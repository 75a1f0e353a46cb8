// The signals of the program: SIGTERM and SIGINT stop it, SIGHUP reloads the fixtures. While the
// program loads, the first two end it on the spot (a store is safe against that); once it serves,
// it waits for them. As PID 1 there would be no default action. Beside a command of `exec` they are
// the command's, as are others that one may send.
// Threads: construct in main before any other thread, so that no other ever sees these signals.
#pragma once

#include <chrono>
#include <csignal>

namespace emulator::cli {

class Signals {
 public:
  enum class Purpose { kServe, kPassOn };

  // Held from the start.
  explicit Signals(Purpose purpose);

  void Block();
  void Unblock();

  enum class Event { kStop, kReload, kNothing };
  // The next signal, or kNothing after `most`; 0: waits for ever. REQUIRES: held.
  Event Wait(std::chrono::milliseconds most);

  struct Received {
    int number;
    bool is_from_terminal;  // which sends it to every process of its foreground
  };
  // To be passed on, or SIGCHLD. REQUIRES: held, kPassOn.
  Received Next();

 private:
  sigset_t signals_{};
};

}  // namespace emulator::cli
