#include "http/server/paced_response.h"

#include <algorithm>
#include <random>

namespace emulator::http::server {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds kMaxDelay = std::chrono::hours(24);
constexpr std::string_view kHeadEnd = "\r\n\r\n";

// A throttled body is sent in pieces, often enough that no client times out between two bytes.
constexpr milliseconds kBetweenPieces{100};
constexpr int64_t kMinPieces = 10;

milliseconds Bounded(milliseconds time) {
  return std::clamp(time, milliseconds(0), kMaxDelay);
}

// The same bytes each time, so that a failing test fails again. All are above ASCII, so they
// contain no chunk size, status line or line end.
std::string GarbageBytes() {
  std::minstd_rand random;
  std::string bytes(256, '\0');
  for (char& byte : bytes) byte = static_cast<char>(0x80 | (random() & 0x7f));
  return bytes;
}

// The head with chunked transfer coding in place of Content-Length.
std::string ChunkedHead(std::string_view text) {
  std::string head(text.substr(0, text.find(kHeadEnd)));
  if (const size_t start = head.find("\r\nContent-Length:"); start != std::string::npos)
    head.erase(start, std::min(head.find("\r\n", start + 2), head.size()) - start);
  return head.append("\r\nTransfer-Encoding: chunked").append(kHeadEnd);
}

}  // namespace

PacedResponse::PacedResponse(std::string text, const Delivery& delivery, End end, RealTime now)
    : text_(std::move(text)), end_(end), start_(now) {
  if (delivery == Delivery{}) return;
  start_ += Bounded(delivery.delay);
  if (delivery.connection_fault != ConnectionFault::kNone)
    ApplyFault(delivery.connection_fault);
  else
    Throttle(Bounded(delivery.body_time));
}

void PacedResponse::ApplyFault(ConnectionFault connection_fault) {
  end_ = connection_fault == ConnectionFault::kConnectionReset ? End::kReset : End::kLingeringClose;
  switch (connection_fault) {
    case ConnectionFault::kNone:
      break;
    case ConnectionFault::kConnectionReset:
    case ConnectionFault::kEmptyResponse:
      text_.clear();
      break;
    case ConnectionFault::kMalformedResponseChunk:
      text_ = ChunkedHead(text_) + GarbageBytes();
      break;
    case ConnectionFault::kRandomDataThenClose:
      text_ = GarbageBytes();
      break;
  }
}

void PacedResponse::Throttle(milliseconds body_time) {
  body_ = text_.find(kHeadEnd) + kHeadEnd.size();
  if (body_time == milliseconds(0) || body_ >= text_.size()) return;
  body_time_ = body_time;
  pieces_ = std::min(static_cast<int64_t>(text_.size() - body_),
                     std::max<int64_t>(kMinPieces, body_time / kBetweenPieces));
}

// Piece i of n is due after i/n of the time, so the last one at the end.
int64_t PacedResponse::PiecesDue(RealTime now) const {
  const auto passed = std::chrono::floor<milliseconds>(now - start_);
  return std::min(pieces_, pieces_ * passed.count() / body_time_.count());
}

std::string_view PacedResponse::Due(RealTime now) const {
  if (now < start_) return {};
  size_t end = text_.size();
  if (pieces_ > 0) {
    const auto body = static_cast<int64_t>(text_.size() - body_);
    end = body_ + static_cast<size_t>(body * PiecesDue(now) / pieces_);
  }
  return std::string_view(text_).substr(sent_, end - sent_);
}

RealTime PacedResponse::NextDue(RealTime now) const {
  if (now < start_) return start_;
  // Rounded up: the piece must be due at that time.
  const int64_t piece = PiecesDue(now) + 1;
  return start_ + milliseconds((body_time_.count() * piece + pieces_ - 1) / pieces_);
}

void PacedResponse::SkipDelays(RealTime now) {
  start_ = std::min(start_, now);
  body_time_ = milliseconds(0);
  pieces_ = 0;
}

}  // namespace emulator::http::server
