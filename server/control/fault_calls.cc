#include <nlohmann/json.hpp>

#include "api/errors.h"
#include "base/text.h"
#include "control/calls.h"
#include "control/fault_plans.h"
#include "control/responses.h"

namespace emulator::control {

namespace {

constexpr size_t kMostFaults = 1000;  // of one world: each call may check all of them

// 0, the id of no fault, if the path holds no number.
uint64_t FaultIdIn(const ControlCall& call) {
  return ParseWholeNumber(call.parameters["faultId"], 1, UINT64_MAX).value_or(0);
}

http::Response UnknownFaultResponse(const ControlCall& call) {
  return UnknownItemResponse("planned fault", call.parameters["faultId"]);
}

}  // namespace

http::Response ListFaults(const ControlCall& call) {
  auto list = nlohmann::ordered_json::array();
  for (const world::FaultReport& report : call.world.faults.List())
    list.push_back(RenderFault(report));
  return JsonResponse({{"faults", std::move(list)}});
}

http::Response CreateFault(const ControlCall& call) {
  if (call.world.faults.List().size() >= kMostFaults)
    return api::Refuse(api::control_errors::kTooManyFaults);
  try {
    world::FaultReport report{.fault = std::make_shared<const world::Fault>(ReadFault(call.body))};
    report.id = call.world.faults.Add(*report.fault);
    const std::string id = std::to_string(report.id);
    http::Response response = JsonResponse(RenderFault(report), 201);
    response.headers.Add("Location", call.base_url + "/_emulator/faults/" + id);
    return response;
  } catch (const FaultPlanError& error) {
    return InvalidBodyResponse(error.violations());
  }
}

http::Response ClearFaults(const ControlCall& call) {
  call.world.faults.Clear();
  return NoContent();
}

http::Response GetFault(const ControlCall& call) {
  const auto report = call.world.faults.Find(FaultIdIn(call));
  return report ? JsonResponse(RenderFault(*report)) : UnknownFaultResponse(call);
}

http::Response DeleteFault(const ControlCall& call) {
  return call.world.faults.Remove(FaultIdIn(call)) ? NoContent() : UnknownFaultResponse(call);
}

}  // namespace emulator::control
