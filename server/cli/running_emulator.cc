#include "cli/running_emulator.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <stdexcept>
#include <utility>
#include <vector>

#include "api/operations.h"
#include "base/file_io.h"
#include "cli/descriptors.h"
#include "cli/seed.h"
#include "cli/usage_error.h"
#include "crypto/signing_key.h"
#include "fixtures/fixture_store.h"
#include "fixtures/lint.h"
#include "tokens/access_token.h"

namespace emulator::cli {

namespace {

constexpr auto kGrace = std::chrono::milliseconds(150);  // for open requests, when it stops

RuntimeFile MakeCaFile(const std::string& file) {
  RejectForeignCaFile(file);
  return {file, "the CA file"};
}

// Unblocks the signals, so that they end the program while it loads.
class StoppableWhileLoading {
 public:
  explicit StoppableWhileLoading(Signals& signals) : signals_(signals) { signals_.Unblock(); }
  ~StoppableWhileLoading() { signals_.Block(); }
  StoppableWhileLoading(const StoppableWhileLoading&) = delete;
  StoppableWhileLoading& operator=(const StoppableWhileLoading&) = delete;

 private:
  Signals& signals_;
};

// The worlds, with the seed and the store that the options name.
world::WorldRegistry LoadWorlds(const EmulatorOptions& options, Signals& signals, AccessLog& log) {
  for (const std::string& notice : options.notices) log.Notice(notice);
  const StoppableWhileLoading stoppable(signals);
  fixtures::FixtureSet set =
      LoadSeed(options.fixtures.sources, [&](std::string_view notice) { log.Notice(notice); });
  const auto warnings = fixtures::LintFixtures(set, api::Scopes());
  const std::string& file = options.fixtures.store;
  std::shared_ptr<fixtures::FixtureStore> store;
  if (!file.empty()) store = std::make_shared<fixtures::FixtureStore>(file, set);
  const bool is_kept = store && store->WasKept();
  if (is_kept)
    log.Notice("the store " + file + " exists and keeps its rows; " +
               (options.fixtures.sources.empty() ? "the default world" : "--fixtures") +
               " is used only for resets and sandboxes");
  // Cloning a store that was just filled is faster than filling another one.
  std::shared_ptr<const fixtures::FixtureStore> seed =
      store && !is_kept ? store->Clone()
                        : std::make_shared<const fixtures::FixtureStore>(std::move(set));
  for (const std::string& warning : warnings) log.Notice(warning);
  return {std::move(seed),
          store,
          {.initial = {.limits_for_all = options.behaviour.limits_for_all,
                         .profile = options.behaviour.profile,
                         .seed = options.fixtures.seed},
           .max_sandboxes = options.control.sandbox_limit,
           .sandbox_idle = options.control.sandbox_idle,
           .journal_bytes = options.control.journal_bytes}};
}

// nullptr without --signing-key: the issuer then generates a key when it needs one.
std::shared_ptr<const crypto::SigningKey> ReadSigningKey(const std::string& file) {
  if (file.empty()) return nullptr;
  try {
    return std::make_shared<const crypto::SigningKey>(ReadFile(file));
  } catch (const crypto::SigningKeyError& error) {
    throw UsageError("--signing-key: " + file + " " + error.what());
  } catch (const std::exception& error) {
    throw UsageError(std::string("--signing-key: ") + error.what());
  }
}

control::ControlAccess AccessTo(const ControlOptions& options, bool is_loopback, AccessLog& log) {
  using Mode = control::ControlAccess::Mode;
  if (!options.token.empty()) return {Mode::kToken, options.token};
  if (options.setting == ControlSetting::kOff) return {Mode::kOff};
  if (options.setting == ControlSetting::kOpen || is_loopback) return {Mode::kOpen};
  log.Notice(
      "the emulator listens on a non-loopback address: control calls get 403. "
      "Allow them with --control-token TOKEN or --control open");
  return {Mode::kForbidden};
}

std::vector<http::server::HttpServer::Endpoint> Endpoints(http::server::Listener& listener,
                                                          std::optional<HttpsEndpoint>& https) {
  std::vector<http::server::HttpServer::Endpoint> endpoints{{listener}};
  if (https) endpoints.push_back(https->endpoint());
  return endpoints;
}

}  // namespace

RunningEmulator::RunningEmulator(const EmulatorOptions& options, Signals& signals)
    : options_(options),
      port_file_(options.listen.port_file, "the port file"),
      ca_file_(MakeCaFile(options.tls.ca_file)),
      log_(STDERR_FILENO, options.log.format),
      sources_(options.fixtures.sources),
      worlds_(LoadWorlds(options, signals, log_)),
      issuer_({.name = options.behaviour.issuer, .public_url = options.listen.public_url},
              ReadSigningKey(options.behaviour.signing_key)),
      service_(tokens::TokenVerifier(issuer_), [this](const std::string& e) { log_.LogError(e); },
               {.honours_prefer = !options.behaviour.ignore_prefer,
                .public_url = options.listen.public_url}),
      identity_(issuer_, [this](const std::string& e) { log_.LogError(e); }),
      listener_(options.listen.host, options.listen.port),
      https_(options.tls.IsEnabled()
                 ? std::optional<HttpsEndpoint>(std::in_place, options.tls, options.listen.host)
                 : std::nullopt),
      emulator_(service_, identity_, worlds_, log_,
                {.access = AccessTo(options.control, listener_.IsLoopback(), log_),
                 .public_url = options.listen.public_url,
                 .ca = https_ ? https_->ca() : "",
                 .quiet_headers = options.behaviour.quiet_headers,
                 .self_check = options.behaviour.self_check}),
      server_(
          Endpoints(listener_, https_), {.read = {.body = Emulator::BodyLimit}},
          [this](const http::Request& request) { return emulator_.Answer(request); },
          [this](http::server::RequestParseError error) { return emulator_.RefuseUnread(error); }) {
}

void RunningEmulator::Start() {
  RaiseDescriptorLimit();
  server_.Start();
  if (https_) ca_file_.Write(https_->ca());
  port_file_.Write(std::to_string(port()) + "\n");
}

void RunningEmulator::ReloadFixtures() {
  const FixtureOptions& options = options_.fixtures;
  try {
    if (std::count(options.sources.begin(), options.sources.end(), "-") > 0)
      throw std::runtime_error("standard input cannot be read again.");
    fixtures::FixtureSet seed =
        LoadSeed(options.sources, [&](std::string_view notice) { log_.Notice(notice); });
    const auto warnings = fixtures::LintFixtures(seed, api::Scopes());
    worlds_.Reseed(std::make_shared<const fixtures::FixtureStore>(std::move(seed)));
    for (const std::string& warning : warnings) log_.Notice(warning);
    log_.Notice(options.store.empty()
                    ? "fixtures reloaded"
                    : "fixtures reloaded for resets and sandboxes; the store keeps its rows");
  } catch (const std::exception& error) {
    log_.Notice(std::string("fixtures not reloaded, the old ones stay: ") + error.what());
  }
}

void RunningEmulator::ReloadCertificate() {
  if (https_) https_->Reload(log_);
}

void RunningEmulator::Stop() {
  port_file_.Remove();
  ca_file_.Remove();
  if (!server_.Stop(kGrace)) log_.Notice("stopped before every request was answered");
}

}  // namespace emulator::cli
