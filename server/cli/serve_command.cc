#include "cli/serve_command.h"

#include <unistd.h>

#include <chrono>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>

#include "api/operations.h"
#include "cli/exit_codes.h"
#include "cli/running_emulator.h"
#include "cli/settings.h"
#include "cli/signals.h"
#include "cli/value_parsers.h"

namespace emulator::cli {

namespace {

constexpr auto kWatchInterval = std::chrono::milliseconds(200);  // of --watch

std::string OperationsNote() {
  std::string text = "Emulated operations:\n";
  for (const api::Operation& operation : api::Operations())
    text.append("  ")
        .append(operation.route.method)
        .append(" ")
        .append(operation.route.path)
        .append("\n");
  return text;
}

void PrintReadyLine(const RunningEmulator& emulator) {
  nlohmann::ordered_json ready{
      {"event", "ready"}, {"url", emulator.url()}, {"port", emulator.port()}, {"pid", ::getpid()}};
  if (const HttpsEndpoint* https = emulator.https()) {
    ready["tlsUrl"] = https->listener().url();
    ready["tlsPort"] = https->listener().port();
  }
  std::cout << ready.dump() << std::endl;
}

}  // namespace

Syntax ServeSyntax(ServeOptions& o) {
  EmulatorOptions& emulator = o.emulator;
  return {.groups = {ListenSettings(emulator.listen, PortVariables::kRead),
                     TlsSettings(emulator.tls, PortVariables::kRead),
                     With(FixtureSettings(emulator.fixtures),
                          {{"--watch", "EXPORT_EMULATOR_WATCH", nullptr, "false",
                            "Reload the fixtures when their files change, as on SIGHUP",
                            ToSwitch(o.watch)}}),
                     BehaviourSettings(emulator.behaviour), ControlSettings(emulator.control),
                     LogSettings(emulator.log)},
          .notices = &emulator.notices,
          .check = [&emulator] { CheckEmulatorOptions(emulator); },
          .notes = AssumptionsNote() + "\n" + OperationsNote()};
}

int RunServe(const ServeOptions& options) {
  Signals signals(Signals::Purpose::kServe);
  RunningEmulator emulator(options.emulator, signals);
  emulator.Start();
  PrintReadyLine(emulator);

  const auto interval = options.watch ? kWatchInterval : std::chrono::milliseconds(0);
  for (auto event = signals.Wait(interval); event != Signals::Event::kStop;
       event = signals.Wait(interval)) {
    const bool is_reload = event == Signals::Event::kReload;
    const bool has_changed = options.watch && emulator.HaveFixturesChanged();
    if (is_reload || has_changed) emulator.ReloadFixtures();
    if (is_reload) emulator.ReloadCertificate();
  }

  emulator.Stop();
  return kSuccess;
}

}  // namespace emulator::cli
