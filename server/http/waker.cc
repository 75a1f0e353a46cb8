#include "http/waker.h"

#include <utility>

namespace emulator::http {

void Waker::Wake() {
  const std::lock_guard lock(mutex_);
  if (call_)
    call_();
  else
    unheard_ = true;
}

void Waker::SetCallback(std::function<void()> call) {
  const std::lock_guard lock(mutex_);
  call_ = std::move(call);
  if (call_ && std::exchange(unheard_, false)) call_();
}

}  // namespace emulator::http
