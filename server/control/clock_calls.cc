#include <cmath>
#include <nlohmann/json.hpp>

#include "control/answers.h"
#include "control/calls.h"

namespace emulator {

namespace {

Response Tell(const Clock& clock) {
  const Clock::Reading reading = clock.Read();
  return AnswerJson({{"now", StoredTime(reading.now)}, {"frozen", reading.frozen}});
}

Response RefuseTime(const std::string& pointer) {
  return AnswerDefects(
      {{pointer, "is no time that a clock may show; wanted: a time from " + StoredTime(kFirstTime) +
                     " to " + StoredTime(kLastTime) + "."}});
}

}  // namespace

Response TellClock(const ControlCall& call) {
  return Tell(call.world.clock);
}

Response SetClock(const ControlCall& call) {
  Time now = call.world.clock.Now();
  if (const auto text = call.body.find("now"); text != call.body.end()) {
    const auto time = ParseTime(text->get<std::string>());
    if (!time || *time < kFirstTime || *time > kLastTime) return RefuseTime("/now");
    now = *time;
  }
  if (call.body.value("frozen", false))
    call.world.clock.Freeze(now);
  else
    call.world.clock.Set(now);
  return Tell(call.world.clock);
}

Response AdvanceClock(const ControlCall& call) {
  const auto micros = std::llround(call.body["seconds"].get<double>() * 1e6);
  if (!call.world.clock.Advance(std::chrono::microseconds(micros))) return RefuseTime("/seconds");
  return Tell(call.world.clock);
}

Response ReleaseClock(const ControlCall& call) {
  call.world.clock.Release();
  return Tell(call.world.clock);
}

}  // namespace emulator
