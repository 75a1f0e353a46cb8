// An answer on its way: which of its bytes a client may get by when, and how the connection goes on
// after the last one. Pure: it is told the time, and sends nothing itself.
// Threads: one at a time.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/real_time.h"
#include "http/response.h"

namespace emulator::http::server {

class PacedResponse {
 public:
  // What becomes of the connection after it.
  enum class End {
    kKeep,            // it may ask again
    kClose,           // it asked for the last time
    kLingeringClose,  // closed as well, but the client may still be sending
    kReset,
  };

  // None: finished.
  PacedResponse() = default;
  // `text`: the whole of it, head and body. What breaks it outdoes `end`.
  PacedResponse(std::string text, const Delivery& delivery, End end, RealTime now);

  // The bytes whose time has come and that are not sent. Valid until it is moved.
  std::string_view Due(RealTime now) const;
  // The first `count` of them were.
  void MarkSent(size_t count) { sent_ += count; }

  // REQUIRES (both): all that is due was sent.
  bool IsFinished(RealTime now) const { return sent_ == text_.size() && now >= start_; }
  RealTime NextDue(RealTime now) const;  // when there is more; not finished

  RealTime last_due() const { return start_ + body_time_; }
  End end() const { return end_; }

  // All that is left is due now.
  void SkipDelays(RealTime now);

 private:
  void Break(ConnectionFault connection_fault);
  void Throttle(std::chrono::milliseconds body_time);
  int64_t PiecesDue(RealTime now) const;  // REQUIRES: spread

  std::string text_;
  size_t sent_ = 0;
  End end_ = End::kKeep;
  RealTime start_ = RealTime::min();
  // The body, where it is spread:
  size_t body_ = 0;     // where it begins
  int64_t pieces_ = 0;  // 0: not spread
  std::chrono::milliseconds body_time_{0};
};

}  // namespace emulator::http::server
