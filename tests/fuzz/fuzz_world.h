// A complete emulator for fuzz targets.
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

// An emulator of the default world with a stopped clock.
struct FuzzWorld {
  FuzzWorld() { ResetCounters(); }

  // Starts new rate-limit windows by moving the clock a day forth or back, so that no input depends
  // on earlier ones.
  void ResetCounters() {
    odd_ = !odd_;
    world().clock.Freeze(ParseTime(odd_ ? "2026-11-24T12:00:00Z" : "2026-11-25T12:00:00Z").value());
  }

  // The default World.
  world::World& world() { return *worlds.Default(); }

  const fixtures::FixtureSet set =
      fixtures::ReadFixtures({{"data/fixtures.json", std::string(embedded::kDefaultWorld)}});
  world::WorldRegistry worlds{std::make_shared<const fixtures::FixtureStore>(set), nullptr, {}};
  const tokens::Issuer issuer;
  const api::Service service{tokens::TokenVerifier(issuer), [](const std::string& failure) {
                               Require(false, "no request makes the emulator fail", failure);
                             }};
  const oauth::IdentityService identity{issuer, [](const std::string& failure) {
                                          Require(false, "no request makes the emulator fail",
                                                  failure);
                                        }};
  AccessLog log{2, LogFormat::kOff};
  Emulator emulator{service, identity, worlds, log, {}};

 private:
  bool odd_ = false;
};

}  // namespace emulator
