#include <nlohmann/json.hpp>

#include "control/calls.h"
#include "control/responses.h"

namespace emulator::control {

namespace {

http::Response Describe(const world::ApiProfile& profile) {
  return JsonResponse(
      {{"edition", Name(profile.edition)}, {"assumptions", world::AssumptionsOf(profile)}});
}

}  // namespace

http::Response GetEdition(const ControlCall& call) {
  return Describe(call.world.profile);
}

http::Response SetEdition(const ControlCall& call) {
  world::ApiProfile profile;
  profile.edition = world::FindEdition(call.body.value("edition", "page")).value();
  for (const std::string& name : call.body.value("assumptions", std::vector<std::string>()))
    profile.*world::FindAssumption(name)->member = true;
  call.world.profile = profile;
  return Describe(profile);
}

http::Response ResetEdition(const ControlCall& call) {
  call.world.profile = call.world.settings.profile;
  return Describe(call.world.profile);
}

}  // namespace emulator::control
