#include <cmath>
#include <nlohmann/json.hpp>

#include "control/calls.h"
#include "control/responses.h"

namespace emulator::control {

namespace {

http::Response Describe(const Clock& clock) {
  const Clock::Reading reading = clock.Read();
  return JsonResponse({{"now", CanonicalTime(reading.now)}, {"frozen", reading.frozen}});
}

// `sentence`: what is wrong with the member.
http::Response RefuseTime(const std::string& pointer, const std::string& sentence) {
  return InvalidBodyResponse(
      {{pointer, sentence + "; wanted: a time from " + CanonicalTime(kFirstTime) + " to " +
                     CanonicalTime(kLastTime) + "."}});
}

}  // namespace

http::Response GetClock(const ControlCall& call) {
  return Describe(call.world.clock);
}

http::Response SetClock(const ControlCall& call) {
  Time now = call.world.clock.Now();
  if (const auto text = call.body.find("now"); text != call.body.end()) {
    const auto time = ParseTime(text->get<std::string>());
    if (!time || *time < kFirstTime || *time > kLastTime)
      return RefuseTime("/now", "is not a valid time");
    now = *time;
  }
  if (call.body.value("frozen", false))
    call.world.clock.Freeze(now);
  else
    call.world.clock.Set(now);
  return Describe(call.world.clock);
}

http::Response AdvanceClock(const ControlCall& call) {
  const auto micros = std::llround(call.body["seconds"].get<double>() * 1e6);
  if (!call.world.clock.Advance(std::chrono::microseconds(micros)))
    return RefuseTime("/seconds", "would set the clock to an invalid time");
  return Describe(call.world.clock);
}

http::Response ReleaseClock(const ControlCall& call) {
  call.world.clock.Release();
  return Describe(call.world.clock);
}

}  // namespace emulator::control
