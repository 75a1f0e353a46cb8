#include "cli/signals.h"

#include <pthread.h>
#include <unistd.h>

#include <cerrno>

#include "cli/exit_codes.h"

namespace emulator::cli {

Signals::Signals(Purpose purpose) {
  sigemptyset(&signals_);
  for (const int signal : {SIGTERM, SIGINT}) {
    sigaddset(&signals_, signal);
    if (purpose == Purpose::kServe)
      std::signal(signal, [](int) { ::_exit(kSuccess); });
    else
      std::signal(signal, [](int) { ::_exit(kNothingStarted); });
  }
  sigaddset(&signals_, SIGHUP);
  std::signal(SIGHUP, [](int) {});  // while loading: the files are read anyway
  if (purpose == Purpose::kPassOn) {
    for (const int signal : {SIGCHLD, SIGQUIT, SIGUSR1, SIGUSR2}) sigaddset(&signals_, signal);
    std::signal(SIGCHLD, SIG_DFL);  // the parent process may have ignored it
  }
  Block();
}

void Signals::Block() {
  pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
}
void Signals::Unblock() {
  pthread_sigmask(SIG_UNBLOCK, &signals_, nullptr);
}

Signals::Event Signals::Wait(std::chrono::milliseconds timeout) {
  const timespec time{.tv_sec = timeout.count() / 1000,
                      .tv_nsec = timeout.count() % 1000 * 1'000'000};
  while (true) {
    const int signal = timeout.count() > 0 ? ::sigtimedwait(&signals_, nullptr, &time)
                                           : ::sigwaitinfo(&signals_, nullptr);
    if (signal == SIGHUP) return Event::kReload;
    if (signal > 0) return Event::kStop;
    if (errno == EAGAIN) return Event::kTimeout;
  }
}

Signals::Received Signals::Next() {
  siginfo_t from{};
  int signal = -1;
  while (signal < 0) signal = ::sigwaitinfo(&signals_, &from);
  return {signal, from.si_code == SI_KERNEL};
}

}  // namespace emulator::cli
