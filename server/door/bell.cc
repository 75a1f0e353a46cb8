#include "door/bell.h"

#include <utility>

namespace emulator {

void Bell::Ring() {
  const std::lock_guard lock(mutex_);
  if (call_)
    call_();
  else
    unheard_ = true;
}

void Bell::OnRing(std::function<void()> call) {
  const std::lock_guard lock(mutex_);
  call_ = std::move(call);
  if (call_ && std::exchange(unheard_, false)) call_();
}

}  // namespace emulator
