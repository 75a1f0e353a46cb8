#include "cli/signals.h"

#include <pthread.h>
#include <unistd.h>

#include <cerrno>

namespace emulator::cli {

namespace {

constexpr int kNothingStarted = 125;  // of `exec`

}  // namespace

Signals::Signals(Purpose purpose) {
  sigemptyset(&signals_);
  for (const int signal : {SIGTERM, SIGINT}) {
    sigaddset(&signals_, signal);
    if (purpose == Purpose::kServe)
      std::signal(signal, [](int) { ::_exit(0); });
    else
      std::signal(signal, [](int) { ::_exit(kNothingStarted); });
  }
  sigaddset(&signals_, SIGHUP);
  std::signal(SIGHUP, [](int) {});  // while it loads: it is about to read them anyway
  if (purpose == Purpose::kPassOn) {
    for (const int signal : {SIGCHLD, SIGQUIT, SIGUSR1, SIGUSR2}) sigaddset(&signals_, signal);
    std::signal(SIGCHLD, SIG_DFL);  // whoever started us may have ignored it
  }
  Block();
}

void Signals::Block() {
  pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
}
void Signals::Unblock() {
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

Signals::Received Signals::Next() {
  siginfo_t from{};
  int signal = -1;
  while (signal < 0) signal = ::sigwaitinfo(&signals_, &from);
  return {signal, from.si_code == SI_KERNEL};
}

}  // namespace emulator::cli
