// Export Emulator. Read this file first: it builds the program from top to bottom, and owns every
// object of it. Then api/service.cc, the path of one request; api/errors.h, every refusal;
// api/operations.cc, every operation.

#include <fcntl.h>
#include <pthread.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <thread>

#include "access_log.h"
#include "api/service.h"
#include "door/http_client.h"
#include "door/http_server.h"
#include "door/listener.h"
#include "embedded.h"
#include "emulator.h"
#include "identity/access_token.h"
#include "options.h"
#include "outcomes.h"
#include "world/fixture_sources.h"
#include "world/world.h"

namespace emulator {
namespace {

constexpr int kOk = 0, kFailed = 1, kBadInput = 2, kPortTaken = 3;

constexpr auto kGrace = std::chrono::milliseconds(150);

// [D] the vendor's identity service; whose tokens the real API accepts.
constexpr const char* kIssuer = "https://ims.bentley.com";

// A closed standard descriptor would be given to the next file that is opened, a store say, and
// what is printed would go into that.
void FillStandardDescriptors() {
  int descriptor = 0;
  while (descriptor >= 0 && descriptor <= STDERR_FILENO) descriptor = ::open("/dev/null", O_RDWR);
  if (descriptor >= 0) ::close(descriptor);
}

// SIGTERM and SIGINT. While the program loads, they end it on the spot (a store is safe against
// that); once it serves, it waits for them. Threads that are started in between never see them. As
// PID 1 there would be no default action.
class StopSignals {
 public:
  StopSignals() {
    sigemptyset(&signals_);
    for (const int signal : {SIGTERM, SIGINT}) {
      sigaddset(&signals_, signal);
      std::signal(signal, [](int) { ::_exit(kOk); });
    }
    Hold();
  }
  void Hold() { pthread_sigmask(SIG_BLOCK, &signals_, nullptr); }
  void LetThrough() { pthread_sigmask(SIG_UNBLOCK, &signals_, nullptr); }
  // REQUIRES: held.
  void Wait() {
    int signal = 0;
    sigwait(&signals_, &signal);
  }

 private:
  sigset_t signals_{};
};

// The fixtures that were named; where there are none, the default world, and `notify` is told when
// some were meant.
template <typename Notify>
FixtureSet ReadSeed(const Options& options, Notify notify) {
  auto texts = ReadSources(options.fixtures);
  if (texts.empty()) {
    texts = {{"data/fixtures.json", std::string(embedded::kDefaultWorld)}};
    if (!options.fixtures.empty())
      notify("no *.json among the fixtures: this is the default world");
  }
  return ReadFixtures(std::move(texts));
}

// A port file is there only while somebody listens: a harness that waits for it must not find that
// of an earlier run.
void RemovePortFile(const std::string& file) {
  std::error_code ignored;
  if (!file.empty() && std::filesystem::is_regular_file(file, ignored))
    std::filesystem::remove(file, ignored);
}

// Written aside and renamed, so that nobody reads half of it.
void WritePortFile(const std::string& file, int port) {
  const std::string aside = file + ".new";
  std::ofstream(aside) << port << "\n" << std::flush;
  std::error_code error;
  std::filesystem::rename(aside, file, error);
  if (!error) return;
  std::error_code ignored;
  std::filesystem::remove(aside, ignored);
  throw std::runtime_error("cannot write the port file " + file + ": " + error.message() +
                           ". Name a file in a folder that you may write to.");
}

int Serve(const Options& options) {
  StopSignals stop_signals;
  RemovePortFile(options.port_file);
  AccessLog log(STDERR_FILENO, options.log);
  for (const std::string& notice : options.notices) log.Notice(notice);

  stop_signals.LetThrough();
  FixtureSet seed = ReadSeed(options, [&](const char* notice) { log.Notice(notice); });
  const auto store = options.store.empty()
                         ? std::make_shared<FixtureStore>(std::move(seed))
                         : std::make_shared<FixtureStore>(options.store, std::move(seed));
  World world(store, options.limits_for_all);
  stop_signals.Hold();
  if (store->WasKept() && !options.fixtures.empty())
    log.Notice("the store " + options.store +
               " was there already: --fixtures was not loaded into it");

  const Service service(TokenVerifier(kIssuer),
                        [&](const std::string& fault) { log.Complain(fault); });
  Emulator emulator(service, world, log);

  Listener listener(options.host, options.port);
  HttpServer server(
      listener, {}, [&](const Request& request) { return emulator.Answer(request); },
      [&](RequestDefect defect) { return emulator.RefuseUnread(defect); });
  server.Start();

  if (!options.port_file.empty()) WritePortFile(options.port_file, listener.port());
  std::cout << nlohmann::ordered_json{{"event", "ready"},
                                      {"url", listener.url()},
                                      {"port", listener.port()},
                                      {"pid", ::getpid()}}
                   .dump()
            << std::endl;

  stop_signals.Wait();
  RemovePortFile(options.port_file);
  if (!server.Stop(kGrace)) log.Notice("stopped before every request was answered");
  return kOk;
}

int Validate(const Options& options) {
  const FixtureSet set =
      ReadSeed(options, [](const char* notice) { std::cerr << "notice: " << notice << "\n"; });
  const FixtureStore store(set);  // judges what rows say of each other
  std::cout << "ok: connections " << set.connections.items.size() << ", users "
            << set.users.items.size() << ", clients " << set.clients.items.size() << ", tokens "
            << set.tokens.items.size() << "\n";
  return kOk;
}

int CheckHealth(const Options& options) {
  using std::chrono::milliseconds;
  const std::string host = options.host == "0.0.0.0" ? "127.0.0.1"
                           : options.host == "::"    ? "::1"
                                                     : options.host;
  const RealTime until = RealNow() + std::chrono::seconds(options.wait_seconds);
  while (true) {
    if (AnswersOk(host, options.port, "/_emulator/readyz", milliseconds(2000))) return kOk;
    if (RealNow() >= until) break;
    std::this_thread::sleep_for(milliseconds(20));
  }
  std::cerr << "no emulator is ready at " << UrlOf(options.host, options.port) << "\n";
  return kFailed;
}

int Run(const Options& options) {
  switch (options.command) {
    case Command::kServe:
      return Serve(options);
    case Command::kValidate:
      return Validate(options);
    case Command::kHealthcheck:
      return CheckHealth(options);
    case Command::kOutcomes:
      std::cout << PrintOutcomes(options.url);
      return kOk;
    case Command::kSchema:
      std::cout << embedded::kFixturesSchema;
      return kOk;
    case Command::kWorld:
      std::cout << embedded::kDefaultWorld;
      return kOk;
  }
  return kFailed;
}

// What a refusal of the command line or of its input is called to the shell.
int Main(int argc, char** argv) {
  FillStandardDescriptors();
  std::signal(SIGPIPE, SIG_IGN);  // a reader that is gone is found out when writing
  const bool asks_health = argc > 1 && std::string_view(argv[1]) == "healthcheck";
  const auto fail = [&](const std::exception& error, int code) {
    std::cerr << "export-emulator: " << error.what() << "\n";
    return asks_health ? kFailed : code;  // container engines reserve the others
  };
  try {
    const ParsedOptions parsed = ParseOptions(argc, argv);
    if (parsed.shown) {
      std::cout << parsed.shown->text;
      return kOk;
    }
    return Run(parsed.options);
  } catch (const UsageError& error) {
    return fail(error, kBadInput);
  } catch (const FixtureError& error) {
    return fail(error, kBadInput);
  } catch (const PortTakenError& error) {
    return fail(error, kPortTaken);
  } catch (const std::exception& error) {
    return fail(error, kFailed);
  }
}

}  // namespace
}  // namespace emulator

int main(int argc, char** argv) {
  return emulator::Main(argc, argv);
}
