// One line on standard error for every request, and for what the emulator has to say. Written by a
// thread of its own from a bounded buffer, requests some 10 ms later: a reader of the log who stops
// reading stalls no request. Lines that found no room are counted and said. No line ever holds a
// token.
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

// What is told of one request. Empty texts are left out.
struct AccessLine {
  Time time;
  std::string_view method;
  std::string_view target;
  int status = 0;           // 0: a planned fault broke the connection in place of an answer
  std::string_view gate;    // which gate decided
  std::string_view reason;  // why it was refused
  std::string_view client;
  std::string_view user;
  std::string_view token;  // a name or a short hash
  uint64_t fault = 0;      // the planned fault that struck; 0: none
  std::string_view correlation_id;
  std::chrono::microseconds duration{0};
};

// The line, with its end. Values of query parameters that could be secrets are blacked out.
std::string Format(const AccessLine& line, LogFormat format);

class AccessLog {
 public:
  // Writes to `descriptor`, which stays the caller's. Off: only LogError and Notice write.
  AccessLog(int descriptor, LogFormat format);
  // Writes what is left, for at most 50 ms.
  ~AccessLog();
  AccessLog(const AccessLog&) = delete;
  AccessLog& operator=(const AccessLog&) = delete;

  void Write(const AccessLine& line);
  // A fault of ours, told in full.
  void LogError(std::string_view fault);
  // Something the user should know.
  void Notice(std::string_view text);

 private:
  void Say(const char* kind, std::string_view text);
  enum class Haste { kNone, kAtOnce };
  void Append(std::string_view line, Haste haste);
  void Run();
  // False when it could not be written in time because the log is to end.
  bool WriteAll(std::string_view text);
  bool MustGiveUp();

  const int descriptor_;
  const LogFormat format_;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::string buffer_;   // guarded by mutex_
  uint64_t lost_ = 0;    // lines; guarded by mutex_
  bool hurry_ = false;   // no more gathering; guarded by mutex_
  bool ending_ = false;  // guarded by mutex_
  RealTime give_up_{};   // when it is to end in any case; guarded by mutex_
  std::thread writer_;   // last: it uses all of the above
};

}  // namespace emulator
