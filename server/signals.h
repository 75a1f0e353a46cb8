// The signals of the program: SIGTERM and SIGINT stop it, SIGHUP reloads the fixtures. While the
// program loads, the first two end it on the spot (a store is safe against that); once it serves,
// it waits for them. As PID 1 there would be no default action.
// Threads: construct in main before any other thread, so that no other ever sees these signals.
#pragma once

#include <chrono>
#include <csignal>

namespace emulator {

class Signals {
 public:
  // Held from the start.
  Signals();

  void Hold();
  void LetThrough();

  enum class Event { kStop, kReload, kNothing };
  // The next signal, or kNothing after `most`; 0: waits for ever. REQUIRES: held.
  Event Wait(std::chrono::milliseconds most);

 private:
  sigset_t signals_{};
};

}  // namespace emulator
