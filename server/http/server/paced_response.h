// The bytes of a response, when each is due, and what happens to the connection after the last one.
// Takes the time as an argument and does no input or output.
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
  // The fate of the connection after the response.
  enum class End {
    kKeep,            // the client may send another request
    kClose,           // the server closes it
    kLingeringClose,  // the server closes it, but the client may still be sending
    kReset,           // the server resets it
  };

  // An empty, finished response.
  PacedResponse() = default;
  // `text`: head and body. A connection fault replaces `end`.
  PacedResponse(std::string text, const Delivery& delivery, End end, RealTime now);

  // The bytes that are due and not sent. Valid until this object is moved.
  std::string_view Due(RealTime now) const;
  // The first `count` of them are sent.
  void MarkSent(size_t count) { sent_ += count; }

  // REQUIRES (both): all due bytes are sent.
  bool IsFinished(RealTime now) const { return sent_ == text_.size() && now >= start_; }
  RealTime NextDue(RealTime now) const;  // REQUIRES: not finished

  RealTime last_due() const { return start_ + body_time_; }
  End end() const { return end_; }

  // Makes all remaining bytes due now.
  void SkipDelays(RealTime now);

 private:
  void ApplyFault(ConnectionFault connection_fault);
  void Throttle(std::chrono::milliseconds body_time);
  int64_t PiecesDue(RealTime now) const;  // REQUIRES: throttled

  std::string text_;
  size_t sent_ = 0;
  End end_ = End::kKeep;
  RealTime start_ = RealTime::min();
  // If the body is throttled:
  size_t body_ = 0;     // where it begins
  int64_t pieces_ = 0;  // 0: not throttled
  std::chrono::milliseconds body_time_{0};
};

}  // namespace emulator::http::server
