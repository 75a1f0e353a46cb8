#include "http/waker.h"

#include <utility>

namespace emulator::http {

void Waker::Wake() {
  const std::lock_guard lock(mutex_);
  if (callback_)
    callback_();
  else
    is_recorded_ = true;
}

void Waker::SetCallback(std::function<void()> callback) {
  const std::lock_guard lock(mutex_);
  callback_ = std::move(callback);
  if (callback_ && std::exchange(is_recorded_, false)) callback_();
}

}  // namespace emulator::http
