#include "access_log.h"

#include <poll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <climits>
#include <nlohmann/json.hpp>

#include "base/real_time.h"
#include "base/text.h"
#include "http/redaction.h"

namespace emulator {

namespace {

constexpr size_t kBufferBytes = 1 << 20;
// Lines are written in batches of this size or after this time: a wake-up of the writer for each
// line doubles the cost of a request.
constexpr size_t kBatchBytes = kBufferBytes / 4;
constexpr auto kBatchTime = std::chrono::milliseconds(10);
constexpr auto kCloseTime = std::chrono::milliseconds(50);

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

// ScrubControls for a text of several lines.
std::string ScrubLines(std::string_view text) {
  std::string scrubbed;
  while (true) {
    const size_t end = text.find('\n');
    scrubbed += ScrubControls(text.substr(0, end));
    if (end == std::string_view::npos) return scrubbed;
    scrubbed += '\n';
    text.remove_prefix(end + 1);
  }
}

// One line of ASCII: JSON escapes keep control characters out of it without losing them.
std::string JsonLine(const nlohmann::ordered_json& object) {
  return object.dump(-1, ' ', /*ensure_ascii=*/true, nlohmann::json::error_handler_t::replace) +
         "\n";
}

std::string FormatText(const AccessLine& line) {
  std::string text = IsoTime(line.time);
  text.reserve(256);
  text.append(" ")
      .append(ScrubControls(line.method))
      .append(" ")
      .append(ScrubControls(http::RedactQuery(line.target)))
      .append(" ");
  AppendNumber(text, line.status);
  text.append(" ").append(line.gate).append(" ");
  AppendDuration(text, line.duration);
  const auto add = [&](std::string_view name, std::string_view value) {
    if (value.empty()) return;
    text.append(name).append(ScrubControls(value));
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
  return JsonLine(object);
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
    closing_ = true;
    deadline_ = RealNow() + kCloseTime;
  }
  changed_.notify_one();
  writer_.join();
}

void AccessLog::Write(const AccessLine& line) {
  if (format_ != LogFormat::kOff) Append(Format(line, format_), Urgency::kBatched);
}

void AccessLog::LogError(std::string_view error) {
  WriteMessage("fault", error);
}
void AccessLog::Notice(std::string_view text) {
  WriteMessage("notice", text);
}

void AccessLog::WriteMessage(const char* kind, std::string_view text) {
  if (format_ == LogFormat::kJson)
    Append(JsonLine({{kind, text}}), Urgency::kImmediate);
  else
    Append(std::string(kind) + ": " + ScrubLines(text) + "\n", Urgency::kImmediate);
}

void AccessLog::Append(std::string_view line, Urgency urgency) {
  bool notify = false;  // on the first line of a batch, and on the one that completes it
  {
    const std::lock_guard lock(mutex_);
    if (buffer_.size() + line.size() > kBufferBytes) {
      ++dropped_;
      return;
    }
    notify = buffer_.empty();
    buffer_ += line;
    if (!flush_ && (urgency == Urgency::kImmediate || buffer_.size() >= kBatchBytes))
      notify = flush_ = true;
  }
  if (notify) changed_.notify_one();
}

void AccessLog::Run() {
  std::string lines;
  for (bool is_last = false; !is_last;) {
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [&] { return closing_ || !buffer_.empty(); });
      changed_.wait_for(lock, kBatchTime, [&] { return closing_ || flush_; });
      is_last = closing_;
      flush_ = false;
      lines.swap(buffer_);
      if (dropped_ > 0) {
        lines += "notice: " + std::to_string(dropped_) +
                 " log lines lost: standard error was not read in time\n";
        dropped_ = 0;
      }
    }
    if (!WriteAll(lines)) return;
    lines.clear();
  }
}

bool AccessLog::IsPastDeadline() {
  const std::lock_guard lock(mutex_);
  return closing_ && RealNow() > deadline_;
}

bool AccessLog::WriteAll(std::string_view text) {
  while (!text.empty()) {
    if (IsPastDeadline()) return false;
    // A write to a full pipe would block forever. When poll reports that a pipe is writable, it
    // accepts up to PIPE_BUF bytes.
    pollfd writable{.fd = descriptor_, .events = POLLOUT, .revents = 0};
    if (::poll(&writable, 1, static_cast<int>(kCloseTime.count())) == 0) continue;
    const ssize_t written =
        ::write(descriptor_, text.data(), std::min<size_t>(text.size(), PIPE_BUF));
    if (written < 0 && errno != EINTR && errno != EAGAIN) return true;  // the reader is gone
    if (written > 0) text.remove_prefix(static_cast<size_t>(written));
  }
  return true;
}

}  // namespace emulator
