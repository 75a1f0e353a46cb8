// Wakes a waiter. Register the waker, check for work, then wait: no wake-up is lost in between.
// Threads: any.
#pragma once

#include <functional>
#include <mutex>

namespace emulator::http {

class Waker {
 public:
  Waker() = default;
  Waker(const Waker&) = delete;
  Waker& operator=(const Waker&) = delete;

  // Calls the callback on this thread, or records the wake-up if there is none. Any number of
  // times.
  void Wake();

  // Sets the callback of later wake-ups, and calls it at once if a wake-up was recorded. The
  // callback must not block or use the waker. Empty: removes the callback; when this returns, its
  // last call has returned.
  void SetCallback(std::function<void()> callback);

 private:
  std::mutex mutex_;          // held during a call
  bool is_recorded_ = false;  // a wake-up without a callback
  std::function<void()> callback_;
};

}  // namespace emulator::http
