#include <charconv>
#include <nlohmann/json.hpp>

#include "api/errors.h"
#include "control/answers.h"
#include "control/calls.h"
#include "control/fault_plans.h"

namespace emulator {

namespace {

constexpr size_t kMostFaults = 1000;  // of one World: each call may look at all of them

// 0, which no fault has, when the path holds no number.
uint64_t IdIn(const ControlCall& call) {
  const std::string& text = call.parameters["faultId"];
  uint64_t id = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
  return error == std::errc() && end == text.data() + text.size() ? id : 0;
}

Response AnswerUnknownFault(const ControlCall& call) {
  return AnswerUnknown("planned fault", call.parameters["faultId"]);
}

}  // namespace

Response ListFaults(const ControlCall& call) {
  auto list = nlohmann::ordered_json::array();
  for (const FaultReport& report : call.world.faults.List()) list.push_back(RenderFault(report));
  return AnswerJson({{"faults", std::move(list)}});
}

Response PlanFault(const ControlCall& call) {
  if (call.world.faults.List().size() >= kMostFaults) return Refuse(control_errors::kTooManyFaults);
  try {
    FaultReport report{.fault = std::make_shared<const Fault>(ReadFault(call.body))};
    report.id = call.world.faults.Add(*report.fault);
    const std::string id = std::to_string(report.id);
    Response response = AnswerJson(RenderFault(report), 201);
    response.headers.Add("Location", call.base_url + "/_emulator/faults/" + id);
    return response;
  } catch (const FaultPlanError& error) {
    return AnswerDefects(error.defects());
  }
}

Response ClearFaults(const ControlCall& call) {
  call.world.faults.Clear();
  return AnswerNothing();
}

Response TellFault(const ControlCall& call) {
  const auto report = call.world.faults.Find(IdIn(call));
  return report ? AnswerJson(RenderFault(*report)) : AnswerUnknownFault(call);
}

Response RemoveFault(const ControlCall& call) {
  return call.world.faults.Remove(IdIn(call)) ? AnswerNothing() : AnswerUnknownFault(call);
}

}  // namespace emulator
