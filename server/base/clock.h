// Time as a value that a World holds. Nothing else in the program asks the system for the time (but
// for time-outs, which run on real time: base/real_time.h), so limiter windows, token expiry,
// `Date` and log times all move when a test moves the clock.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace emulator {

using Time = std::chrono::sys_time<std::chrono::microseconds>;  // UTC

// A clock is not moved out of these: the years that a date header and RFC 3339 can hold.
inline constexpr Time kFirstTime = std::chrono::sys_days(std::chrono::year(1) / 1 / 1);
inline constexpr Time kLastTime = std::chrono::sys_days(std::chrono::year(9999) / 12 / 31);

// What the system's clock shows, whatever a World pretends.
Time SystemNow();

// Threads: any thread may call anything at any time.
class Clock {
 public:
  Time Now() const;

  struct Reading {
    Time now;
    bool frozen;
  };
  Reading Read() const;  // both of the same moment

  // The clock shows `now` and stands still.
  void Freeze(Time now);
  // The clock shows `now` and runs on from there.
  void Set(Time now);
  // The clock runs with the system's again.
  void Release();
  // Moves the clock, frozen or not; negative moves it back. False, and nothing moved, when it would
  // leave kFirstTime to kLastTime.
  bool Advance(std::chrono::microseconds by);

 private:
  // One word, so that a reader never meets half a change: frozen, the time shown; running, the
  // distance to the system's clock; twice that, plus 1 when frozen.
  std::atomic<int64_t> state_{0};
};

// "Tue, 24 Nov 2026 00:01:04 GMT", as in the Date header (RFC 9110 section 5.6.7).
std::string HttpDate(Time time);

// "2026-11-24T00:01:04.123Z".
std::string IsoTime(Time time);

// "2030-01-01T00:00:00Z", with ".123" before the Z where it is not a whole second: as
// schema/fixtures.sql keeps times. Digits below a millisecond are dropped.
std::string CanonicalTime(Time time);

// Reads an RFC 3339 time with zone, such as "2030-01-01T00:00:00Z" or "...00.5+02:00"; digits below
// a microsecond are dropped. nullopt when it is none.
std::optional<Time> ParseTime(std::string_view text);

}  // namespace emulator
