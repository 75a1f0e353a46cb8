#include <nlohmann/json.hpp>

#include "api/errors.h"
#include "control/answers.h"
#include "control/calls.h"

namespace emulator {

namespace {

using nlohmann::ordered_json;

ordered_json Render(const ControlCall& call, const Worlds::Report& report) {
  return {{"name", report.name},
          {"url", call.root_url + "/_sandbox/" + report.name},
          {"idleSeconds", static_cast<double>(report.idle.count()) / 1000},
          {"ownFixtures", report.own_seed}};
}

Response Tell(const ControlCall& call, const std::string& name, int status) {
  const auto report = call.worlds.Tell(name);
  if (!report) return AnswerUnknown("sandbox", name);
  return AnswerJson(Render(call, *report), status);
}

}  // namespace

Response ListSandboxes(const ControlCall& call) {
  ordered_json list = ordered_json::array();
  for (const auto& report : call.worlds.List()) list.push_back(Render(call, report));
  return AnswerJson({{"sandboxes", std::move(list)},
                     {"most", call.worlds.settings().most_sandboxes},
                     {"droppedAfterIdleSeconds", call.worlds.settings().sandbox_idle.count()}});
}

Response TellSandbox(const ControlCall& call) {
  return Tell(call, call.parameters["sandbox"], 200);
}

Response MakeSandbox(const ControlCall& call) {
  const std::string& name = call.parameters["sandbox"];
  if (!IsSandboxName(name)) return Refuse(control_errors::kSandboxNameInvalid);
  std::shared_ptr<const FixtureStore> seed;
  if (const auto fixtures = call.body.find("fixtures"); fixtures != call.body.end()) {
    try {
      seed = std::make_shared<const FixtureStore>(ReadFixtures({{"fixtures", fixtures->dump()}}));
    } catch (const FixtureError& error) {
      return AnswerFixtureDefects(error, "/fixtures");
    }
  }
  const auto made = call.worlds.MakeSandbox(name, std::move(seed));
  if (made == Worlds::Made::kTooMany) return Refuse(control_errors::kTooManySandboxes);
  return Tell(call, name, made == Worlds::Made::kNew ? 201 : 200);
}

Response DropSandbox(const ControlCall& call) {
  const std::string& name = call.parameters["sandbox"];
  return call.worlds.DropSandbox(name) ? AnswerNothing() : AnswerUnknown("sandbox", name);
}

Response ResetWorld(const ControlCall& call) {
  try {
    return call.worlds.Reset(call.sandbox) ? AnswerNothing()
                                           : AnswerUnknown("sandbox", call.sandbox);
  } catch (const StoreBusyError& error) {
    return Refuse(control_errors::kStoreBusy, {.message = error.what()});
  }
}

}  // namespace emulator
