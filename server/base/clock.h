// The clock of a world, and times as text. Only this file reads the system's clock (time-outs run
// on real time: base/real_time.h), so rate limits, token expiry, `Date` and log times all follow
// when a test moves the clock.
// Threads: pure functions; Clock: any thread may call anything at any time.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace emulator {

using Time = std::chrono::sys_time<std::chrono::microseconds>;  // UTC

// The range of a clock: the years that a Date header and RFC 3339 can hold.
inline constexpr Time kFirstTime = std::chrono::sys_days(std::chrono::year(1) / 1 / 1);
inline constexpr Time kLastTime = std::chrono::sys_days(std::chrono::year(9999) / 12 / 31);

// The time of the system, not of a world.
Time SystemNow();

class Clock {
 public:
  Time Now() const;

  struct Reading {
    Time now;
    bool frozen;
  };
  Reading Read() const;  // consistent: both are read at once

  // Shows `now` and stands still.
  void Freeze(Time now);
  // Shows `now` and runs on from there.
  void Set(Time now);
  // Follows the system's clock again.
  void Release();
  // Moves the clock, frozen or not; a negative value moves it back. Returns false and moves nothing
  // if the result would be outside kFirstTime to kLastTime.
  bool Advance(std::chrono::microseconds by);

 private:
  // One word, so that every read is consistent. Bit 0: frozen. The other bits: microseconds, the
  // time shown if frozen, else the offset from the system's clock.
  std::atomic<int64_t> state_{0};
};

// "Tue, 24 Nov 2026 00:01:04 GMT", as in the Date header (RFC 9110 section 5.6.7).
std::string HttpDate(Time time);

// "2026-11-24T00:01:04.123Z".
std::string IsoTime(Time time);

// "2030-01-01T00:00:00Z", or with ".123" before the Z if it is not a whole second: the form in
// schema/fixtures.sql. Drops digits below a millisecond.
std::string CanonicalTime(Time time);

// Parses an RFC 3339 time with zone, such as "2030-01-01T00:00:00Z" or "...00.5+02:00". Drops
// digits below a microsecond. nullopt if the text is not such a time.
std::optional<Time> ParseTime(std::string_view text);

}  // namespace emulator
