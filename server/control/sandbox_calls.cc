#include <nlohmann/json.hpp>

#include "api/errors.h"
#include "control/calls.h"
#include "control/responses.h"

namespace emulator::control {

namespace {

using nlohmann::ordered_json;

ordered_json Render(const ControlCall& call, const world::WorldRegistry::Report& report) {
  return {{"name", report.name},
          {"url", call.root_url + "/_sandbox/" + report.name},
          {"idleSeconds", static_cast<double>(report.idle.count()) / 1000},
          {"ownFixtures", report.own_seed}};
}

http::Response Describe(const ControlCall& call, const std::string& name, int status) {
  const auto report = call.worlds.Describe(name);
  if (!report) return UnknownItemResponse("sandbox", name);
  return JsonResponse(Render(call, *report), status);
}

}  // namespace

http::Response ListSandboxes(const ControlCall& call) {
  ordered_json list = ordered_json::array();
  for (const auto& report : call.worlds.List()) list.push_back(Render(call, report));
  return JsonResponse({{"sandboxes", std::move(list)},
                       {"most", call.worlds.settings().max_sandboxes},
                       {"droppedAfterIdleSeconds", call.worlds.settings().sandbox_idle.count()}});
}

http::Response GetSandbox(const ControlCall& call) {
  return Describe(call, call.parameters["sandbox"], 200);
}

http::Response CreateSandbox(const ControlCall& call) {
  const std::string& name = call.parameters["sandbox"];
  if (!world::IsSandboxName(name)) return api::Refuse(api::control_errors::kSandboxNameInvalid);
  std::shared_ptr<const fixtures::FixtureStore> seed;
  if (const auto fixtures = call.body.find("fixtures"); fixtures != call.body.end()) {
    try {
      seed = std::make_shared<const fixtures::FixtureStore>(
          fixtures::ReadFixtures({{"fixtures", fixtures->dump()}}));
    } catch (const fixtures::FixtureError& error) {
      return InvalidFixturesResponse(error, "/fixtures");
    }
  }
  const auto made = call.worlds.CreateSandbox(name, std::move(seed));
  if (made == world::WorldRegistry::Created::kTooMany)
    return api::Refuse(api::control_errors::kTooManySandboxes);
  return Describe(call, name, made == world::WorldRegistry::Created::kNew ? 201 : 200);
}

http::Response DeleteSandbox(const ControlCall& call) {
  const std::string& name = call.parameters["sandbox"];
  return call.worlds.DeleteSandbox(name) ? NoContent() : UnknownItemResponse("sandbox", name);
}

http::Response ResetWorld(const ControlCall& call) {
  try {
    return call.worlds.Reset(call.sandbox) ? NoContent()
                                           : UnknownItemResponse("sandbox", call.sandbox);
  } catch (const fixtures::StoreBusyError& error) {
    return api::Refuse(api::control_errors::kStoreBusy, {.message = error.what()});
  }
}

}  // namespace emulator::control
