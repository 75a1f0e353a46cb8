#include "signals.h"

#include <pthread.h>
#include <unistd.h>

#include <cerrno>

namespace emulator {

Signals::Signals() {
  sigemptyset(&signals_);
  for (const int signal : {SIGTERM, SIGINT}) {
    sigaddset(&signals_, signal);
    std::signal(signal, [](int) { ::_exit(0); });
  }
  sigaddset(&signals_, SIGHUP);
  std::signal(SIGHUP, [](int) {});  // while it loads: it is about to read them anyway
  Hold();
}

void Signals::Hold() {
  pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
}
void Signals::LetThrough() {
  pthread_sigmask(SIG_UNBLOCK, &signals_, nullptr);
}

Signals::Event Signals::Wait(std::chrono::milliseconds most) {
  const timespec time{.tv_sec = most.count() / 1000, .tv_nsec = most.count() % 1000 * 1'000'000};
  while (true) {
    const int signal = most.count() > 0 ? ::sigtimedwait(&signals_, nullptr, &time)
                                        : ::sigwaitinfo(&signals_, nullptr);
    if (signal == SIGHUP) return Event::kReload;
    if (signal > 0) return Event::kStop;
    if (errno == EAGAIN) return Event::kNothing;
  }
}

}  // namespace emulator
