// Remembers when the last run of each connection was started, in real time. [D] of several
// simultaneous requests for a run, only the first is processed and the others are refused.
//
// Threads: any.
#pragma once

#include <mutex>
#include <string>
#include <unordered_map>

#include "base/real_time.h"

namespace emulator::world {

class RunStarts {
 public:
  void Add(const std::string& connection, RealTime time) {
    const std::lock_guard lock(mutex_);
    last_[connection] = time;
  }

  // True if a run of the connection was started after `arrived`, so while that request waited.
  bool HasOneAfter(const std::string& connection, RealTime arrived) const {
    const std::lock_guard lock(mutex_);
    const auto last = last_.find(connection);
    return last != last_.end() && arrived != RealTime{} && arrived < last->second;
  }

 private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, RealTime> last_;  // guarded by mutex_
};

}  // namespace emulator::world
