// Real time that never jumps: for time-outs and for measuring how long something took. What a World
// pretends the time to be is base/clock.h's; no test moves this one.
// Threads: any.
#pragma once

#include <chrono>

namespace emulator {

using RealTime = std::chrono::steady_clock::time_point;

inline RealTime RealNow() {
  return std::chrono::steady_clock::now();
}

}  // namespace emulator
