// A bell between who has news and who waits for them: rung by the one, it calls what the other left
// to be called. Whoever makes it gives it away first, then looks for news, and waits only where it
// found none: so no news are lost between looking and waiting.
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

  // Any number of times, also when nobody waits any more. The call is made by the ringing thread.
  void Wake();

  // From now on each Ring calls `call`; so does this, at once, when there was a Ring since the bell
  // was made, or fell silent, that called nothing. It must not block, nor use the bell. Empty: the
  // bell falls silent, and when this returns, the last call has returned, too.
  void SetCallback(std::function<void()> call);

 private:
  std::mutex mutex_;  // held during a call
  bool unheard_ = false;
  std::function<void()> call_;
};

}  // namespace emulator::http
