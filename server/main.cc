// Export Emulator. Read this file first: it builds the program from top to bottom, and owns every
// object of it. Then api/service.cc, the path of one request; api/errors.h, every refusal;
// api/operations.cc, every operation.

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <exception>
#include <iostream>
#include <iterator>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <thread>
#include <vector>

#include "access_log.h"
#include "api/operations.h"
#include "api/service.h"
#include "child_process.h"
#include "door/http_client.h"
#include "door/http_server.h"
#include "door/listener.h"
#include "drift.h"
#include "embedded.h"
#include "emulator.h"
#include "exec.h"
#include "identity/access_token.h"
#include "identity/issuer.h"
#include "oauth/identity_service.h"
#include "options.h"
#include "outcomes.h"
#include "report.h"
#include "secure_entrance.h"
#include "serving_file.h"
#include "signals.h"
#include "token_command.h"
#include "whole_file.h"
#include "why_command.h"
#include "world/fixture_doubts.h"
#include "world/fixture_sources.h"
#include "world/worlds.h"

namespace emulator {
namespace {

constexpr int kOk = 0, kFailed = 1, kBadInput = 2, kPortTaken = 3, kNothingStarted = 125;

constexpr auto kGrace = std::chrono::milliseconds(150);
constexpr auto kLook = std::chrono::milliseconds(200);  // how often --watch looks

// A closed standard descriptor would be given to the next file that is opened, a store say, and
// what is printed would go into that.
void FillStandardDescriptors() {
  int descriptor = 0;
  while (descriptor >= 0 && descriptor <= STDERR_FILENO) descriptor = ::open("/dev/null", O_RDWR);
  if (descriptor >= 0) ::close(descriptor);
}

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

// Seed and default World from the fixtures as they are now. A bad file leaves both as they were.
void Reload(const Options& options, Worlds& worlds, AccessLog& log) {
  try {
    if (std::count(options.fixtures.begin(), options.fixtures.end(), "-") > 0)
      throw std::runtime_error("standard input cannot be read again.");
    FixtureSet seed = ReadSeed(options, [&](const char* notice) { log.Notice(notice); });
    const auto doubts = Doubts(seed, Scopes());
    worlds.Reseed(std::make_shared<const FixtureStore>(std::move(seed)));
    for (const std::string& doubt : doubts) log.Notice(doubt);
    log.Notice(options.store.empty()
                   ? "fixtures reloaded"
                   : "fixtures reloaded for resets and sandboxes; the store keeps its rows");
  } catch (const std::exception& error) {
    log.Notice(std::string("fixtures not reloaded, all stays as it was: ") + error.what());
  }
}

// Of --signing-key; nullptr: one is made when somebody needs it.
std::shared_ptr<const SigningKey> ReadSigningKey(const Options& options) {
  const std::string& file = options.signing_key;
  if (file.empty()) return nullptr;
  try {
    return std::make_shared<const SigningKey>(ReadWhole(file));
  } catch (const SigningKeyError& error) {
    throw UsageError("--signing-key: " + file + " " + error.what());
  } catch (const std::exception& error) {
    throw UsageError(std::string("--signing-key: ") + error.what());
  }
}

ControlAccess AccessTo(const Options& options, const Listener& listener, AccessLog& log) {
  using Mode = ControlAccess::Mode;
  if (!options.control_token.empty()) return {Mode::kToken, options.control_token};
  if (options.control == ControlSetting::kOff) return {Mode::kOff};
  if (options.control == ControlSetting::kOpen || listener.IsLoopback()) return {Mode::kOpen};
  log.Notice(
      "listening on more than this machine's own addresses: control calls are answered 403. "
      "--control-token TOKEN or --control open allows them");
  return {Mode::kForbidden};
}

// Each client takes a descriptor, and a shell's usual limit of 1,024 is soft.
void AllowManyClients() {
  rlimit descriptors{};
  if (::getrlimit(RLIMIT_NOFILE, &descriptors) != 0) return;
  descriptors.rlim_cur = descriptors.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &descriptors);
}

// Until a signal says so. `secure`: nullptr where no TLS is spoken.
void ServeOn(const Options& options, const Listener& listener, SecureEntrance* secure,
             Signals& signals, SourceWatch& sources, Worlds& worlds, AccessLog& log) {
  nlohmann::ordered_json ready{
      {"event", "ready"}, {"url", listener.url()}, {"port", listener.port()}, {"pid", ::getpid()}};
  if (secure) {
    ready["tlsUrl"] = secure->listener().url();
    ready["tlsPort"] = secure->listener().port();
  }
  std::cout << ready.dump() << std::endl;
  const auto look = options.watch ? kLook : std::chrono::milliseconds(0);
  for (auto event = signals.Wait(look); event != Signals::Event::kStop;
       event = signals.Wait(look)) {
    const bool has_changed = options.watch && sources.HasChanged();
    if (event == Signals::Event::kReload || has_changed) Reload(options, worlds, log);
    if (event == Signals::Event::kReload && secure) secure->Renew(log);
  }
}

// Until the command ends; its exit code.
int RunCommand(const Options& options, const Listener& listener, const SecureEntrance* secure,
               Signals& signals, const Worlds& worlds) {
  const FixtureSet fixtures = worlds.Default()->fixtures.Read()->ReadAll();
  ChildProcess child(options.child,
                     VariablesOf(listener.url(), secure ? secure->listener().url() : "",
                                 options.tls_ca_file, fixtures));
  return child.Wait(signals);
}

// `serve`, and `exec`: the same beside a command.
int Serve(const Options& options) {
  const bool is_exec = options.command == Command::kExec;
  Signals signals(is_exec ? Signals::Purpose::kPassOn : Signals::Purpose::kServe);
  const auto verifications = ReadVerifications(options);
  AllowManyClients();
  ServingFile port_file(options.port_file, "the port file");
  RefuseForeignCaFile(options.tls_ca_file);
  ServingFile ca_file(options.tls_ca_file, "the CA file");
  AccessLog log(STDERR_FILENO, options.log);
  for (const std::string& notice : options.notices) log.Notice(notice);

  signals.LetThrough();
  SourceWatch sources(options.fixtures);
  FixtureSet fixtures = ReadSeed(options, [&](const char* notice) { log.Notice(notice); });
  const auto doubts = Doubts(fixtures, Scopes());
  std::shared_ptr<FixtureStore> file;
  if (!options.store.empty()) file = std::make_shared<FixtureStore>(options.store, fixtures);
  if (file && file->WasKept())
    log.Notice("the store " + options.store + " was there already: " +
               (options.fixtures.empty() ? "the default world" : "--fixtures") +
               " is only what resets and sandboxes begin with");
  // What a file was just seeded with is faster copied than stored again.
  std::shared_ptr<const FixtureStore> seed =
      file && !file->WasKept() ? file->Clone()
                               : std::make_shared<const FixtureStore>(std::move(fixtures));
  Worlds worlds(std::move(seed), file,
                {.beginning = {.limits_for_all = options.limits_for_all,
                               .rendition = options.rendition,
                               .seed = options.seed},
                 .most_sandboxes = options.sandbox_limit,
                 .sandbox_idle = options.sandbox_idle,
                 .journal_bytes = options.journal_bytes});
  if (is_exec) worlds.journals().KeepAll();
  for (const std::string& doubt : doubts) log.Notice(doubt);
  signals.Hold();

  const Issuer issuer({.name = options.issuer, .public_url = options.public_url},
                      ReadSigningKey(options));
  const auto complain = [&](const std::string& failure) { log.Complain(failure); };
  const Service service(
      TokenVerifier(issuer), complain,
      {.honours_prefer = !options.ignore_prefer, .public_url = options.public_url});
  const IdentityService identity(issuer, complain);
  Listener listener(options.host, options.port);
  std::optional<SecureEntrance> secure;
  if (SpeaksTls(options)) secure.emplace(options);
  std::vector<HttpServer::Entrance> entrances{{listener}};
  if (secure) entrances.push_back(secure->entrance());
  Emulator emulator(service, identity, worlds, log,
                    {.access = AccessTo(options, listener, log),
                     .public_url = options.public_url,
                     .ca = secure ? secure->ca() : "",
                     .quiet_headers = options.quiet_headers,
                     .self_check = options.self_check});
  HttpServer server(
      std::move(entrances), {.read = {.body = Emulator::BodyLimit}},
      [&](const Request& request) { return emulator.Answer(request); },
      [&](RequestDefect defect) { return emulator.RefuseUnread(defect); });
  server.Start();

  if (secure) ca_file.Write(secure->ca());
  port_file.Write(std::to_string(listener.port()) + "\n");
  int exit_code = kOk;
  if (is_exec)
    exit_code = RunCommand(options, listener, secure ? &*secure : nullptr, signals, worlds);
  else
    ServeOn(options, listener, secure ? &*secure : nullptr, signals, sources, worlds, log);

  port_file.Remove();
  ca_file.Remove();
  if (!server.Stop(kGrace)) log.Notice("stopped before every request was answered");
  if (!is_exec) return exit_code;
  return Conclude(options, Report(worlds.journals().All(), verifications, options.cover),
                  exit_code);
}

int Validate(const Options& options) {
  const FixtureSet set =
      ReadSeed(options, [](const char* notice) { std::cerr << "notice: " << notice << "\n"; });
  const FixtureStore store(set);  // judges what rows say of each other
  for (const std::string& doubt : Doubts(set, Scopes())) std::cerr << "warning: " << doubt << "\n";
  std::cout << "ok: connections " << set.connections.items.size() << ", users "
            << set.users.items.size() << ", clients " << set.clients.items.size() << ", tokens "
            << set.tokens.items.size() << ", runs " << set.runs.items.size() << ", run plans "
            << set.run_plans.items.size() << "\n";
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

// Of `drift`: a file, or standard input.
VendorPage ReadPage(const std::string& file) {
  try {
    if (file != "-") return ReadVendorPage(file, ReadWhole(file));
    return ReadVendorPage("standard input",
                          std::string(std::istreambuf_iterator<char>(std::cin), {}));
  } catch (const std::runtime_error& error) {
    throw UsageError(std::string("PAGE: ") + error.what());
  }
}

int TellDrift(const std::string& file) {
  const auto differences = Drift(ReadPage(file));
  for (const std::string& difference : differences) std::cout << difference << "\n";
  if (!differences.empty()) return kFailed;
  std::cout << "no difference\n";
  return kOk;
}

int Run(const Options& options) {
  switch (options.command) {
    case Command::kServe:
    case Command::kExec:
      return Serve(options);
    case Command::kWhy:
      std::cout << AskWhy(options.url, options.control_token, options.last);
      return kOk;
    case Command::kToken:
      std::cout << OrderToken(options);
      return kOk;
    case Command::kValidate:
      return Validate(options);
    case Command::kHealthcheck:
      return CheckHealth(options);
    case Command::kOutcomes:
      std::cout << PrintOutcomes(options.url, options.operation);
      return kOk;
    case Command::kDrift:
      return TellDrift(options.page);
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
  const std::string_view command = argc > 1 ? argv[1] : "";
  const auto fail = [&](const std::exception& error, int code) {
    std::cerr << "export-emulator: " << error.what() << "\n";
    if (command == "healthcheck") return kFailed;  // container engines reserve the others
    return command == "exec" ? kNothingStarted : code;
  };
  try {
    const ParsedOptions parsed = ParseOptions(argc, argv);
    if (parsed.shown) {
      std::cout << parsed.shown->text;
      return kOk;
    }
    return Run(parsed.options);
  } catch (const NotStarted& command_error) {
    std::cerr << "export-emulator: " << command_error.sentence << "\n";
    return command_error.code;
  } catch (const UsageError& error) {
    return fail(error, kBadInput);
  } catch (const FixtureError& error) {
    return fail(error, kBadInput);
  } catch (const TlsError& error) {
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
