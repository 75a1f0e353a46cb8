// Monotonic time, for time-outs and durations. The time of a world is base/clock.h.
// Threads: any.
#pragma once

#include <chrono>

namespace emulator {

using RealTime = std::chrono::steady_clock::time_point;

inline RealTime RealNow() {
  return std::chrono::steady_clock::now();
}

}  // namespace emulator
