// A whole emulator to try an input on.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "access_log.h"
#include "api/service.h"
#include "base/embedded.h"
#include "emulator.h"
#include "fixtures/fixture_file.h"
#include "fuzz.h"
#include "world/world_registry.h"

namespace emulator {

// An emulator of the default world whose clock stands still.
struct FuzzWorld {
  FuzzWorld() { StartAnew(); }

  // Forgets what was counted, so that no input is judged by those before it: a limiter's windows
  // are anew when the clock was moved by a day, forth or back.
  void StartAnew() {
    odd_ = !odd_;
    world().clock.Freeze(ParseTime(odd_ ? "2026-11-24T12:00:00Z" : "2026-11-25T12:00:00Z").value());
  }

  // The default one.
  world::World& world() { return *worlds.Default(); }

  const fixtures::FixtureSet set =
      fixtures::ReadFixtures({{"data/fixtures.json", std::string(embedded::kDefaultWorld)}});
  world::WorldRegistry worlds{std::make_shared<const fixtures::FixtureStore>(set), nullptr, {}};
  const tokens::Issuer issuer;
  const api::Service service{tokens::TokenVerifier(issuer), [](const std::string& fault) {
                               Require(false, "no request makes the emulator fail", fault);
                             }};
  const oauth::IdentityService identity{issuer, [](const std::string& fault) {
                                          Require(false, "no request makes the emulator fail",
                                                  fault);
                                        }};
  AccessLog log{2, LogFormat::kOff};
  Emulator emulator{service, identity, worlds, log, {}};

 private:
  bool odd_ = false;
};

}  // namespace emulator
