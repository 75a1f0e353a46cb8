#include "base/clock.h"

#include "support/world.h"

using namespace emulator;
using namespace std::chrono_literals;

TEST_CASE("a frozen clock stands still and moves only when it is advanced") {
  Clock clock;
  clock.Freeze(kNoon);
  CHECK(clock.Now() == kNoon);
  clock.Advance(90s);
  CHECK(clock.Now() == kNoon + 90s);
  clock.Advance(-3600s);
  CHECK(clock.Now() == kNoon + 90s - 1h);
}

TEST_CASE("a frozen clock keeps times before 1970") {
  Clock clock;
  clock.Freeze(At("1901-05-06T07:08:09.5Z"));
  CHECK(clock.Now() == At("1901-05-06T07:08:09.5Z"));
}

TEST_CASE("a clock that was set runs on from there") {
  Clock clock;
  clock.Set(At("2030-01-01T00:00:00Z"));
  const Time first = clock.Now();
  CHECK(first >= At("2030-01-01T00:00:00Z"));
  CHECK(first < At("2030-01-01T01:00:00Z"));
  clock.Advance(24h);
  CHECK(clock.Now() >= first + 24h);
}

TEST_CASE("a released clock shows the system's time again") {
  Clock clock;
  clock.Freeze(At("2030-01-01T00:00:00Z"));
  CHECK(clock.Read().frozen);
  clock.Release();
  CHECK_FALSE(clock.Read().frozen);
  CHECK(clock.Now() < At("2029-12-31T00:00:00Z"));
}

TEST_CASE("a clock does not leave the years that a date can hold") {
  Clock clock;
  clock.Freeze(kLastTime - 1s);
  CHECK(clock.Advance(1s));
  CHECK_FALSE(clock.Advance(1us));
  CHECK_FALSE(clock.Advance(std::chrono::microseconds::max()));
  CHECK(clock.Now() == kLastTime);
  CHECK_FALSE(clock.Advance(std::chrono::microseconds::min()));
  CHECK(clock.Advance(kFirstTime - kLastTime));
  CHECK(clock.Now() == kFirstTime);
}

TEST_CASE("an untouched clock shows the system's time") {
  Clock clock;
  const auto system = std::chrono::system_clock::now();
  CHECK(clock.Now() - system < 1h);
  CHECK(system - clock.Now() < 1h);
}

TEST_CASE("HttpDate has the format of RFC 9110") {
  CHECK(HttpDate(At("1994-11-06T08:49:37Z")) == "Sun, 06 Nov 1994 08:49:37 GMT");
  CHECK(HttpDate(At("2024-02-29T23:59:59.999Z")) == "Thu, 29 Feb 2024 23:59:59 GMT");
}

TEST_CASE("IsoTime has milliseconds, rounded down also before 1970") {
  CHECK(IsoTime(At("2026-11-24T12:00:00.123999Z")) == "2026-11-24T12:00:00.123Z");
  CHECK(IsoTime(At("1969-12-31T23:59:59.25Z")) == "1969-12-31T23:59:59.250Z");
}

TEST_CASE("ParseTime accepts fractions, zones and lower case") {
  CHECK(At("2030-01-01T00:00:00Z") == At("2030-01-01t00:00:00z"));
  CHECK(At("2030-01-01T02:30:00+02:30") == At("2030-01-01T00:00:00Z"));
  CHECK(At("2029-12-31T23:00:00-01:00") == At("2030-01-01T00:00:00Z"));
  CHECK(At("2030-01-01T00:00:00.5Z") - At("2030-01-01T00:00:00Z") == 500ms);
  CHECK(At("2030-01-01T00:00:00.1234567Z") - At("2030-01-01T00:00:00Z") == 123456us);
}

TEST_CASE("ParseTime rejects other text") {
  for (const char* text : {"", "2030", "2030-01-01", "2030-01-01T00:00:00", "2030-01-01 00:00:00Z",
                           "2030-13-01T00:00:00Z", "2030-02-30T00:00:00Z", "2030-01-01T24:00:00Z",
                           "2030-01-01T00:60:00Z", "2030-01-01T00:00:60Z", "2030-01-01T00:00:00.Z",
                           "2030-01-01T00:00:00+0200", "2030-01-01T00:00:00Zx",
                           "30-01-01T00:00:00Z", "2030-1-01T00:00:00Z", "now"}) {
    INFO(text);
    CHECK_FALSE(ParseTime(text).has_value());
  }
}
