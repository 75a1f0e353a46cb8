#include "cli/child_process.h"

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>

#include "cli/exit_codes.h"

namespace emulator::cli {

namespace {

std::vector<std::string> EnvironmentWith(const ChildProcess::Variables& variables) {
  std::vector<std::string> all;
  for (char** entry = environ; *entry; ++entry) {
    const std::string name = std::string(*entry).substr(0, std::strcspn(*entry, "="));
    if (std::none_of(variables.begin(), variables.end(),
                     [&](const auto& variable) { return variable.first == name; }))
      all.emplace_back(*entry);
  }
  for (const auto& [name, value] : variables) all.push_back(name + "=" + value);
  return all;
}

std::vector<char*> Pointers(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

// Spawn attributes with default signal handling: no signal is blocked or ignored.
class DefaultSignals {
 public:
  DefaultSignals() {
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_init(&attributes_);
    posix_spawnattr_setsigmask(&attributes_, &none);
    posix_spawnattr_setsigdefault(&attributes_, &all);
    posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }
  ~DefaultSignals() { posix_spawnattr_destroy(&attributes_); }
  DefaultSignals(const DefaultSignals&) = delete;
  DefaultSignals& operator=(const DefaultSignals&) = delete;

  const posix_spawnattr_t* get() const { return &attributes_; }

 private:
  posix_spawnattr_t attributes_{};
};

}  // namespace

ChildProcess::ChildProcess(const std::vector<std::string>& command, const Variables& variables) {
  std::vector<std::string> arguments = command, environment = EnvironmentWith(variables);
  const DefaultSignals signals;
  const int error = ::posix_spawnp(&id_, command[0].c_str(), nullptr, signals.get(),
                                   Pointers(arguments).data(), Pointers(environment).data());
  if (error != 0)
    throw NotStarted{error == ENOENT ? kCommandNotFound : kNotExecutable,
                     "cannot start \"" + command[0] + "\": " + std::strerror(error) + "."};
}

int ChildProcess::Wait(Signals& signals) {
  while (true) {
    const Signals::Received received = signals.Next();
    if (received.number != SIGCHLD) {
      if (!received.is_from_terminal) ::kill(id_, received.number);
      continue;
    }
    int status = 0;
    if (::waitpid(id_, &status, WNOHANG) != id_) continue;  // stopped, not ended
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  }
}

}  // namespace emulator::cli
