#include <nlohmann/json.hpp>

#include "control/answers.h"
#include "control/calls.h"

namespace emulator {

namespace {

Response Tell(const Rendition& rendition) {
  return AnswerJson({{"edition", Name(rendition.edition)}, {"readings", ReadingsOf(rendition)}});
}

}  // namespace

Response TellEdition(const ControlCall& call) {
  return Tell(call.world.rendition);
}

Response SetEdition(const ControlCall& call) {
  Rendition rendition;
  rendition.edition = FindEdition(call.body.value("edition", "page")).value();
  for (const std::string& name : call.body.value("readings", std::vector<std::string>()))
    rendition.*FindReading(name)->member = true;
  call.world.rendition = rendition;
  return Tell(rendition);
}

Response ResetEdition(const ControlCall& call) {
  call.world.rendition = call.world.settings.rendition;
  return Tell(call.world.rendition);
}

}  // namespace emulator
