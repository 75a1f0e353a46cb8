// The access log on standard error: one line for each request, and the emulator's own messages. Its
// own thread writes the lines from a bounded buffer, some 10 ms later, so that a stalled reader of
// the log stalls no request. If the buffer is full, lines are dropped and their number is reported.
// No line contains a token or a control character.
//
// Threads: any thread may call anything.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

#include "base/clock.h"
#include "base/real_time.h"

namespace emulator {

enum class LogFormat { kText, kJson, kOff };

// One request. Empty texts are omitted.
struct AccessLine {
  Time time;
  std::string_view method;
  std::string_view target;
  int status = 0;           // 0: a planned fault broke the connection instead of an answer
  std::string_view gate;    // the gate that decided
  std::string_view reason;  // code of the reason for a refusal
  std::string_view client;
  std::string_view user;
  std::string_view token;  // a name or a short hash
  uint64_t fault = 0;      // id of the applied fault; 0: none
  std::string_view correlation_id;
  std::chrono::microseconds duration{0};
};

// The line, with its newline. Query parameters that could be secrets are redacted.
std::string Format(const AccessLine& line, LogFormat format);

class AccessLog {
 public:
  // Writes to `descriptor`, which the caller owns. kOff: only LogError and Notice write.
  AccessLog(int descriptor, LogFormat format);
  // Writes the remaining lines, for at most 50 ms.
  ~AccessLog();
  AccessLog(const AccessLog&) = delete;
  AccessLog& operator=(const AccessLog&) = delete;

  void Write(const AccessLine& line);
  // A defect of the emulator, with all details.
  void LogError(std::string_view error);
  // A message to the user.
  void Notice(std::string_view text);

 private:
  void WriteMessage(const char* kind, std::string_view text);
  enum class Urgency { kBatched, kImmediate };
  void Append(std::string_view line, Urgency urgency);
  void Run();
  // False if the log is closing and its deadline has passed.
  bool WriteAll(std::string_view text);
  bool IsPastDeadline();

  const int descriptor_;
  const LogFormat format_;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::string buffer_;    // guarded by mutex_
  uint64_t dropped_ = 0;  // lines; guarded by mutex_
  bool flush_ = false;    // write without waiting for more lines; guarded by mutex_
  bool closing_ = false;  // guarded by mutex_
  RealTime deadline_{};   // of closing; guarded by mutex_
  std::thread writer_;    // last member: it uses all others
};

}  // namespace emulator
