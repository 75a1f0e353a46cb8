#include "base/clock.h"

#include <array>
#include <cstdio>
#include <ctime>

#include "base/text.h"

namespace emulator {

namespace {

using std::chrono::microseconds;

int64_t Micros(Time time) {
  return time.time_since_epoch().count();
}

bool IsFrozen(int64_t state) {
  return (state & 1) != 0;
}

using Second = std::chrono::sys_seconds;

std::tm Calendar(Second time) {
  const std::time_t seconds = time.time_since_epoch().count();
  std::tm calendar{};
  gmtime_r(&seconds, &calendar);
  return calendar;
}

// Caches the text of the last second, which many requests share. REQUIRES: the same `write` for
// every call.
class TextOfSecond {
 public:
  const std::string& Get(Second second, std::string (*write)(const std::tm&)) {
    if (text_.empty() || second != second_) {
      second_ = second;
      text_ = write(Calendar(second));
    }
    return text_;
  }

 private:
  Second second_;
  std::string text_;
};

// Reads exactly `count` digits at `position` and moves it past them. -1 if there are fewer.
int Digits(std::string_view text, size_t& position, size_t count) {
  int number = 0;
  for (size_t i = 0; i < count; ++i, ++position) {
    if (position >= text.size() || !IsDigit(text[position])) return -1;
    number = number * 10 + (text[position] - '0');
  }
  return number;
}

bool Skip(std::string_view text, size_t& position, std::string_view any_of) {
  if (position >= text.size() || any_of.find(text[position]) == std::string_view::npos)
    return false;
  ++position;
  return true;
}

Time TimeOf(int64_t state) {
  const microseconds shown(state >> 1);
  return IsFrozen(state) ? Time(shown) : SystemNow() + shown;
}

}  // namespace

Time SystemNow() {
  return std::chrono::time_point_cast<microseconds>(std::chrono::system_clock::now());
}

Time Clock::Now() const {
  return TimeOf(state_.load(std::memory_order_acquire));
}

Clock::Reading Clock::Read() const {
  const int64_t state = state_.load(std::memory_order_acquire);
  return {TimeOf(state), IsFrozen(state)};
}

void Clock::Freeze(Time now) {
  state_ = Micros(now) * 2 + 1;
}

void Clock::Set(Time now) {
  state_ = (now - SystemNow()).count() * 2;
}

void Clock::Release() {
  state_ = 0;
}

bool Clock::Advance(microseconds by) {
  int64_t state = state_.load(std::memory_order_acquire);
  while (true) {
    const Time now = TimeOf(state);
    if (by > kLastTime - now || by < kFirstTime - now) return false;
    if (state_.compare_exchange_weak(state, state + by.count() * 2)) return true;
  }
}

std::string HttpDate(Time time) {
  thread_local TextOfSecond text;
  return text.Get(std::chrono::floor<std::chrono::seconds>(time), [](const std::tm& c) {
    static constexpr const char* kDays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                              "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    std::array<char, 64> written{};
    std::snprintf(written.data(), written.size(), "%s, %02d %s %04d %02d:%02d:%02d GMT",
                  kDays[c.tm_wday], c.tm_mday, kMonths[c.tm_mon], c.tm_year + 1900, c.tm_hour,
                  c.tm_min, c.tm_sec);
    return std::string(written.data());
  });
}

std::string IsoTime(Time time) {
  thread_local TextOfSecond text;
  const auto second = std::chrono::floor<std::chrono::seconds>(time);
  std::string written = text.Get(second, [](const std::tm& c) {
    std::array<char, 64> to_second{};
    std::snprintf(to_second.data(), to_second.size(), "%04d-%02d-%02dT%02d:%02d:%02d",
                  c.tm_year + 1900, c.tm_mon + 1, c.tm_mday, c.tm_hour, c.tm_min, c.tm_sec);
    return std::string(to_second.data());
  });
  const auto millis = std::chrono::floor<std::chrono::milliseconds>(time - second).count();
  written += '.';
  written += static_cast<char>('0' + millis / 100);
  written += static_cast<char>('0' + millis / 10 % 10);
  written += static_cast<char>('0' + millis % 10);
  written += 'Z';
  return written;
}

std::string CanonicalTime(Time time) {
  std::string text = IsoTime(time);
  constexpr std::string_view kWhole = ".000Z";
  if (text.ends_with(kWhole)) text.replace(text.size() - kWhole.size(), kWhole.size(), "Z");
  return text;
}

std::optional<Time> ParseTime(std::string_view text) {
  size_t at = 0;
  const int year = Digits(text, at, 4);
  if (year < 0 || !Skip(text, at, "-")) return std::nullopt;
  const int month = Digits(text, at, 2);
  if (month < 0 || !Skip(text, at, "-")) return std::nullopt;
  const int day = Digits(text, at, 2);
  if (day < 0 || !Skip(text, at, "Tt")) return std::nullopt;
  const int hour = Digits(text, at, 2);
  if (hour < 0 || hour > 23 || !Skip(text, at, ":")) return std::nullopt;
  const int minute = Digits(text, at, 2);
  if (minute < 0 || minute > 59 || !Skip(text, at, ":")) return std::nullopt;
  const int second = Digits(text, at, 2);
  if (second < 0 || second > 59) return std::nullopt;

  int64_t micros = 0;
  if (Skip(text, at, ".")) {
    const size_t first = at;
    int64_t scale = 100'000;
    for (; at < text.size() && IsDigit(text[at]); ++at, scale /= 10)
      micros += scale * (text[at] - '0');
    if (at == first) return std::nullopt;
  }

  std::chrono::minutes east{0};
  if (!Skip(text, at, "Zz")) {
    const bool behind = at < text.size() && text[at] == '-';
    if (!Skip(text, at, "+-")) return std::nullopt;
    const int zone_hours = Digits(text, at, 2);
    if (zone_hours < 0 || zone_hours > 23 || !Skip(text, at, ":")) return std::nullopt;
    const int zone_minutes = Digits(text, at, 2);
    if (zone_minutes < 0 || zone_minutes > 59) return std::nullopt;
    east = std::chrono::minutes((zone_hours * 60 + zone_minutes) * (behind ? -1 : 1));
  }
  if (at != text.size()) return std::nullopt;

  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok()) return std::nullopt;
  const Time time = Time(std::chrono::sys_days(date)) + std::chrono::hours(hour) +
                    std::chrono::minutes(minute) + std::chrono::seconds(second) +
                    microseconds(micros) - east;
  // The offset may move the UTC time out of the years that a text can hold.
  const int utc_year =
      int(std::chrono::year_month_day(std::chrono::floor<std::chrono::days>(time)).year());
  if (utc_year < 0 || utc_year > 9999) return std::nullopt;
  return time;
}

}  // namespace emulator
