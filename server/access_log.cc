#include "access_log.h"

#include <poll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <climits>
#include <nlohmann/json.hpp>

#include "base/real_time.h"
#include "http/redaction.h"

namespace emulator {

namespace {

constexpr size_t kBufferBytes = 1 << 20;
// With so many bytes, or after so long, the lines are written together: to wake the writer for each
// of them would double what a request costs.
constexpr size_t kEnoughBytes = kBufferBytes / 4;
constexpr auto kGather = std::chrono::milliseconds(10);
constexpr auto kLastWords = std::chrono::milliseconds(50);

void AppendNumber(std::string& text, int64_t number) {
  std::array<char, 24> digits{};
  const auto [end, _] = std::to_chars(digits.data(), digits.data() + digits.size(), number);
  text.append(digits.data(), end);
}

// Milliseconds with three decimals.
void AppendDuration(std::string& text, std::chrono::microseconds duration) {
  AppendNumber(text, duration.count() / 1000);
  const auto micros = duration.count() % 1000;
  text += '.';
  if (micros < 100) text += '0';
  if (micros < 10) text += '0';
  AppendNumber(text, micros);
  text += "ms";
}

std::string FormatText(const AccessLine& line) {
  std::string text = IsoTime(line.time);
  text.reserve(256);
  text.append(" ")
      .append(line.method)
      .append(" ")
      .append(http::RedactQuery(line.target))
      .append(" ");
  AppendNumber(text, line.status);
  text.append(" ").append(line.gate).append(" ");
  AppendDuration(text, line.duration);
  const auto add = [&](std::string_view name, std::string_view value) {
    if (value.empty()) return;
    text.append(name);
    // Ids of fixtures are anybody's: none may break the line.
    for (const char c : value) text += static_cast<unsigned char>(c) < ' ' || c == '\x7f' ? '?' : c;
  };
  add(" reason=", line.reason);
  add(" client=", line.client);
  add(" user=", line.user);
  add(" token=", line.token);
  if (line.fault > 0) add(" fault=", std::to_string(line.fault));
  add(" id=", line.correlation_id);
  return text += '\n';
}

std::string FormatJson(const AccessLine& line) {
  nlohmann::ordered_json object{{"time", IsoTime(line.time)},
                                {"method", line.method},
                                {"target", http::RedactQuery(line.target)},
                                {"status", line.status},
                                {"gate", line.gate},
                                {"durationMs", static_cast<double>(line.duration.count()) / 1000}};
  const auto add = [&](const char* name, std::string_view value) {
    if (!value.empty()) object[name] = value;
  };
  add("reason", line.reason);
  add("client", line.client);
  add("user", line.user);
  add("token", line.token);
  if (line.fault > 0) object["fault"] = line.fault;
  add("correlationId", line.correlation_id);
  return object.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

}  // namespace

std::string Format(const AccessLine& line, LogFormat format) {
  return format == LogFormat::kJson ? FormatJson(line) : FormatText(line);
}

AccessLog::AccessLog(int descriptor, LogFormat format)
    : descriptor_(descriptor), format_(format), writer_([this] { Run(); }) {}

AccessLog::~AccessLog() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
    give_up_ = RealNow() + kLastWords;
  }
  changed_.notify_one();
  writer_.join();
}

void AccessLog::Write(const AccessLine& line) {
  if (format_ != LogFormat::kOff) Append(Format(line, format_), Haste::kNone);
}

void AccessLog::LogError(std::string_view fault) {
  Say("fault", fault);
}
void AccessLog::Notice(std::string_view text) {
  Say("notice", text);
}

void AccessLog::Say(const char* kind, std::string_view text) {
  if (format_ == LogFormat::kJson)
    Append(nlohmann::ordered_json{{kind, text}}.dump(-1, ' ', false,
                                                     nlohmann::json::error_handler_t::replace) +
               "\n",
           Haste::kAtOnce);
  else
    Append(std::string(kind) + ": " + std::string(text) + "\n", Haste::kAtOnce);
}

void AccessLog::Append(std::string_view line, Haste haste) {
  bool wanted = false;  // by the writer: the first line, and the one that ends its gathering
  {
    const std::lock_guard lock(mutex_);
    if (buffer_.size() + line.size() > kBufferBytes) {
      ++lost_;
      return;
    }
    wanted = buffer_.empty();
    buffer_ += line;
    if (!hurry_ && (haste == Haste::kAtOnce || buffer_.size() >= kEnoughBytes))
      wanted = hurry_ = true;
  }
  if (wanted) changed_.notify_one();
}

void AccessLog::Run() {
  std::string lines;
  for (bool ended = false; !ended;) {
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [&] { return ending_ || !buffer_.empty(); });
      changed_.wait_for(lock, kGather, [&] { return ending_ || hurry_; });
      ended = ending_;
      hurry_ = false;
      lines.swap(buffer_);
      if (lost_ > 0) {
        lines += "notice: " + std::to_string(lost_) + " log lines lost: nobody read them in time\n";
        lost_ = 0;
      }
    }
    if (!WriteAll(lines)) return;
    lines.clear();
  }
}

bool AccessLog::MustGiveUp() {
  const std::lock_guard lock(mutex_);
  return ending_ && RealNow() > give_up_;
}

bool AccessLog::WriteAll(std::string_view text) {
  while (!text.empty()) {
    if (MustGiveUp()) return false;
    // A pipe that is full would block a write for ever, so it is asked first. It takes up to
    // PIPE_BUF bytes at once when poll says that it is writable.
    pollfd writable{.fd = descriptor_, .events = POLLOUT, .revents = 0};
    if (::poll(&writable, 1, static_cast<int>(kLastWords.count())) == 0) continue;
    const ssize_t written =
        ::write(descriptor_, text.data(), std::min<size_t>(text.size(), PIPE_BUF));
    if (written < 0 && errno != EINTR && errno != EAGAIN) return true;  // nobody will ever read it
    if (written > 0) text.remove_prefix(static_cast<size_t>(written));
  }
  return true;
}

}  // namespace emulator
