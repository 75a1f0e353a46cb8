#include <charconv>
#include <nlohmann/json.hpp>

#include "api/errors.h"
#include "control/calls.h"
#include "control/fault_plans.h"
#include "control/responses.h"

namespace emulator::control {

namespace {

constexpr size_t kMostFaults = 1000;  // of one World: each call may look at all of them

// 0, which no fault has, when the path holds no number.
uint64_t IdIn(const ControlCall& call) {
  const std::string& text = call.parameters["faultId"];
  uint64_t id = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
  return error == std::errc() && end == text.data() + text.size() ? id : 0;
}

http::Response AnswerUnknownFault(const ControlCall& call) {
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
    return InvalidBodyResponse(error.defects());
  }
}

http::Response ClearFaults(const ControlCall& call) {
  call.world.faults.Clear();
  return NoContent();
}

http::Response GetFault(const ControlCall& call) {
  const auto report = call.world.faults.Find(IdIn(call));
  return report ? JsonResponse(RenderFault(*report)) : AnswerUnknownFault(call);
}

http::Response DeleteFault(const ControlCall& call) {
  return call.world.faults.Remove(IdIn(call)) ? NoContent() : AnswerUnknownFault(call);
}

}  // namespace emulator::control
