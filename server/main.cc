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
#include "base/embedded.h"
#include "base/file_io.h"
#include "cli/child_process.h"
#include "cli/drift.h"
#include "cli/exec.h"
#include "cli/https_endpoint.h"
#include "cli/options.h"
#include "cli/outcomes.h"
#include "cli/runtime_file.h"
#include "cli/signals.h"
#include "cli/token_command.h"
#include "cli/why_command.h"
#include "diagnosis/report.h"
#include "emulator.h"
#include "fixtures/fixture_sources.h"
#include "fixtures/lint.h"
#include "http/http_client.h"
#include "http/server/http_server.h"
#include "http/server/listener.h"
#include "oauth/identity_service.h"
#include "tokens/access_token.h"
#include "tokens/issuer.h"
#include "world/world_registry.h"

namespace emulator {
namespace {

constexpr int kOk = 0, kFailed = 1, kBadInput = 2, kPortTaken = 3, kNothingStarted = 125;

constexpr auto kGrace = std::chrono::milliseconds(150);
constexpr auto kWatchInterval = std::chrono::milliseconds(200);  // how often --watch looks

// A closed standard descriptor would be given to the next file that is opened, a store say, and
// what is printed would go into that.
void ReserveStdio() {
  int descriptor = 0;
  while (descriptor >= 0 && descriptor <= STDERR_FILENO) descriptor = ::open("/dev/null", O_RDWR);
  if (descriptor >= 0) ::close(descriptor);
}

// The fixtures that were named; where there are none, the default world, and `notify` is told when
// some were meant.
template <typename Notify>
fixtures::FixtureSet LoadSeed(const cli::Options& options, Notify notify) {
  auto texts = fixtures::ReadSources(options.fixtures);
  if (texts.empty()) {
    texts = {{"data/fixtures.json", std::string(embedded::kDefaultWorld)}};
    if (!options.fixtures.empty())
      notify("no *.json among the fixtures: this is the default world");
  }
  return fixtures::ReadFixtures(std::move(texts));
}

// Seed and default World from the fixtures as they are now. A bad file leaves both as they were.
void Reload(const cli::Options& options, world::WorldRegistry& worlds, AccessLog& log) {
  try {
    if (std::count(options.fixtures.begin(), options.fixtures.end(), "-") > 0)
      throw std::runtime_error("standard input cannot be read again.");
    fixtures::FixtureSet seed = LoadSeed(options, [&](const char* notice) { log.Notice(notice); });
    const auto warnings = fixtures::LintFixtures(seed, api::Scopes());
    worlds.Reseed(std::make_shared<const fixtures::FixtureStore>(std::move(seed)));
    for (const std::string& warning : warnings) log.Notice(warning);
    log.Notice(options.store.empty()
                   ? "fixtures reloaded"
                   : "fixtures reloaded for resets and sandboxes; the store keeps its rows");
  } catch (const std::exception& error) {
    log.Notice(std::string("fixtures not reloaded, all stays as it was: ") + error.what());
  }
}

// Of --signing-key; nullptr: one is made when somebody needs it.
std::shared_ptr<const crypto::SigningKey> ReadSigningKey(const cli::Options& options) {
  const std::string& file = options.signing_key;
  if (file.empty()) return nullptr;
  try {
    return std::make_shared<const crypto::SigningKey>(ReadFile(file));
  } catch (const crypto::SigningKeyError& error) {
    throw cli::UsageError("--signing-key: " + file + " " + error.what());
  } catch (const std::exception& error) {
    throw cli::UsageError(std::string("--signing-key: ") + error.what());
  }
}

control::ControlAccess AccessTo(const cli::Options& options, const http::server::Listener& listener,
                                AccessLog& log) {
  using Mode = control::ControlAccess::Mode;
  if (!options.control_token.empty()) return {Mode::kToken, options.control_token};
  if (options.control == cli::ControlSetting::kOff) return {Mode::kOff};
  if (options.control == cli::ControlSetting::kOpen || listener.IsLoopback()) return {Mode::kOpen};
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
void ServeOn(const cli::Options& options, const http::server::Listener& listener,
             cli::HttpsEndpoint* secure, cli::Signals& signals, fixtures::SourceWatch& sources,
             world::WorldRegistry& worlds, AccessLog& log) {
  nlohmann::ordered_json ready{
      {"event", "ready"}, {"url", listener.url()}, {"port", listener.port()}, {"pid", ::getpid()}};
  if (secure) {
    ready["tlsUrl"] = secure->listener().url();
    ready["tlsPort"] = secure->listener().port();
  }
  std::cout << ready.dump() << std::endl;
  const auto look = options.watch ? kWatchInterval : std::chrono::milliseconds(0);
  for (auto event = signals.Wait(look); event != cli::Signals::Event::kStop;
       event = signals.Wait(look)) {
    const bool has_changed = options.watch && sources.HasChanged();
    if (event == cli::Signals::Event::kReload || has_changed) Reload(options, worlds, log);
    if (event == cli::Signals::Event::kReload && secure) secure->Reload(log);
  }
}

// Until the command ends; its exit code.
int RunCommand(const cli::Options& options, const http::server::Listener& listener,
               const cli::HttpsEndpoint* secure, cli::Signals& signals,
               const world::WorldRegistry& worlds) {
  const fixtures::FixtureSet fixtures = worlds.Default()->fixtures.Read()->ReadAll();
  cli::ChildProcess child(options.child,
                          cli::ExecVariables(listener.url(), secure ? secure->listener().url() : "",
                                             options.tls_ca_file, fixtures));
  return child.Wait(signals);
}

// `serve`, and `exec`: the same beside a command.
int Serve(const cli::Options& options) {
  const bool is_exec = options.command == cli::Command::kExec;
  cli::Signals signals(is_exec ? cli::Signals::Purpose::kPassOn : cli::Signals::Purpose::kServe);
  const auto verifications = ReadVerifications(options);
  AllowManyClients();
  cli::RuntimeFile port_file(options.port_file, "the port file");
  cli::RefuseForeignCaFile(options.tls_ca_file);
  cli::RuntimeFile ca_file(options.tls_ca_file, "the CA file");
  AccessLog log(STDERR_FILENO, options.log);
  for (const std::string& notice : options.notices) log.Notice(notice);

  signals.Unblock();
  fixtures::SourceWatch sources(options.fixtures);
  fixtures::FixtureSet fixtures =
      LoadSeed(options, [&](const char* notice) { log.Notice(notice); });
  const auto warnings = fixtures::LintFixtures(fixtures, api::Scopes());
  std::shared_ptr<fixtures::FixtureStore> file;
  if (!options.store.empty())
    file = std::make_shared<fixtures::FixtureStore>(options.store, fixtures);
  if (file && file->WasKept())
    log.Notice("the store " + options.store + " was there already: " +
               (options.fixtures.empty() ? "the default world" : "--fixtures") +
               " is only what resets and sandboxes begin with");
  // What a file was just seeded with is faster copied than stored again.
  std::shared_ptr<const fixtures::FixtureStore> seed =
      file && !file->WasKept()
          ? file->Clone()
          : std::make_shared<const fixtures::FixtureStore>(std::move(fixtures));
  world::WorldRegistry worlds(std::move(seed), file,
                              {.initial = {.limits_for_all = options.limits_for_all,
                                             .profile = options.profile,
                                             .seed = options.seed},
                               .max_sandboxes = options.sandbox_limit,
                               .sandbox_idle = options.sandbox_idle,
                               .journal_bytes = options.journal_bytes});
  if (is_exec) worlds.journals().KeepAll();
  for (const std::string& warning : warnings) log.Notice(warning);
  signals.Block();

  const tokens::Issuer issuer({.name = options.issuer, .public_url = options.public_url},
                              ReadSigningKey(options));
  const auto log_error = [&](const std::string& failure) { log.LogError(failure); };
  const api::Service service(
      tokens::TokenVerifier(issuer), log_error,
      {.honours_prefer = !options.ignore_prefer, .public_url = options.public_url});
  const oauth::IdentityService identity(issuer, log_error);
  http::server::Listener listener(options.host, options.port);
  std::optional<cli::HttpsEndpoint> secure;
  if (cli::SpeaksTls(options)) secure.emplace(options);
  std::vector<http::server::HttpServer::Endpoint> endpoints{{listener}};
  if (secure) endpoints.push_back(secure->endpoint());
  Emulator emulator(service, identity, worlds, log,
                    {.access = AccessTo(options, listener, log),
                     .public_url = options.public_url,
                     .ca = secure ? secure->ca() : "",
                     .quiet_headers = options.quiet_headers,
                     .self_check = options.self_check});
  http::server::HttpServer server(
      std::move(endpoints), {.read = {.body = Emulator::BodyLimit}},
      [&](const http::Request& request) { return emulator.Answer(request); },
      [&](http::server::RequestParseError defect) { return emulator.RefuseUnread(defect); });
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
  return cli::FinishExec(
      options, diagnosis::Report(worlds.journals().All(), verifications, options.cover), exit_code);
}

int Validate(const cli::Options& options) {
  const fixtures::FixtureSet set =
      LoadSeed(options, [](const char* notice) { std::cerr << "notice: " << notice << "\n"; });
  const fixtures::FixtureStore store(set);  // judges what rows say of each other
  for (const std::string& warning : fixtures::LintFixtures(set, api::Scopes()))
    std::cerr << "warning: " << warning << "\n";
  std::cout << "ok: connections " << set.connections.items.size() << ", users "
            << set.users.items.size() << ", clients " << set.clients.items.size() << ", tokens "
            << set.tokens.items.size() << ", runs " << set.runs.items.size() << ", run plans "
            << set.run_plans.items.size() << "\n";
  return kOk;
}

int CheckHealth(const cli::Options& options) {
  using std::chrono::milliseconds;
  const std::string host = options.host == "0.0.0.0" ? "127.0.0.1"
                           : options.host == "::"    ? "::1"
                                                     : options.host;
  const RealTime until = RealNow() + std::chrono::seconds(options.wait_seconds);
  while (true) {
    if (http::AnswersOk(host, options.port, "/_emulator/readyz", milliseconds(2000))) return kOk;
    if (RealNow() >= until) break;
    std::this_thread::sleep_for(milliseconds(20));
  }
  std::cerr << "no emulator is ready at " << http::server::UrlOf(options.host, options.port)
            << "\n";
  return kFailed;
}

// Of `drift`: a file, or standard input.
cli::VendorPage ReadPage(const std::string& file) {
  try {
    if (file != "-") return cli::ReadVendorPage(file, ReadFile(file));
    return cli::ReadVendorPage("standard input",
                               std::string(std::istreambuf_iterator<char>(std::cin), {}));
  } catch (const std::runtime_error& error) {
    throw cli::UsageError(std::string("PAGE: ") + error.what());
  }
}

int PrintDrift(const std::string& file) {
  const auto differences = cli::Drift(ReadPage(file));
  for (const std::string& difference : differences) std::cout << difference << "\n";
  if (!differences.empty()) return kFailed;
  std::cout << "no difference\n";
  return kOk;
}

int Run(const cli::Options& options) {
  switch (options.command) {
    case cli::Command::kServe:
    case cli::Command::kExec:
      return Serve(options);
    case cli::Command::kWhy:
      std::cout << cli::FetchWhy(options.url, options.control_token, options.last);
      return kOk;
    case cli::Command::kToken:
      std::cout << cli::RequestToken(options);
      return kOk;
    case cli::Command::kValidate:
      return Validate(options);
    case cli::Command::kHealthcheck:
      return CheckHealth(options);
    case cli::Command::kOutcomes:
      std::cout << cli::PrintOutcomes(options.url, options.operation);
      return kOk;
    case cli::Command::kDrift:
      return PrintDrift(options.page);
    case cli::Command::kSchema:
      std::cout << embedded::kFixturesSchema;
      return kOk;
    case cli::Command::kWorld:
      std::cout << embedded::kDefaultWorld;
      return kOk;
  }
  return kFailed;
}

// What a refusal of the command line or of its input is called to the shell.
int Main(int argc, char** argv) {
  ReserveStdio();
  std::signal(SIGPIPE, SIG_IGN);  // a reader that is gone is found out when writing
  const std::string_view command = argc > 1 ? argv[1] : "";
  const auto fail = [&](const std::exception& error, int code) {
    std::cerr << "export-emulator: " << error.what() << "\n";
    if (command == "healthcheck") return kFailed;  // container engines reserve the others
    return command == "exec" ? kNothingStarted : code;
  };
  try {
    const cli::ParsedOptions parsed = cli::ParseOptions(argc, argv);
    if (parsed.shown) {
      std::cout << parsed.shown->text;
      return kOk;
    }
    return Run(parsed.options);
  } catch (const cli::NotStarted& command_error) {
    std::cerr << "export-emulator: " << command_error.sentence << "\n";
    return command_error.code;
  } catch (const cli::UsageError& error) {
    return fail(error, kBadInput);
  } catch (const fixtures::FixtureError& error) {
    return fail(error, kBadInput);
  } catch (const crypto::PemError& error) {
    return fail(error, kBadInput);
  } catch (const http::server::PortTakenError& error) {
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
