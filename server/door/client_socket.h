// One client's socket, and the bytes that came of it.
// Threads: belongs to one thread at a time, but for StopReceiving and Break.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "door/real_time.h"

namespace emulator {

class ClientSocket {
 public:
  // Owns the descriptor. `linger`: how long a Receive that may wait waits. `patience`: how long a
  // Send may stand still.
  ClientSocket(int descriptor, std::chrono::milliseconds linger,
               std::chrono::milliseconds patience);
  ~ClientSocket();
  ClientSocket(const ClientSocket&) = delete;
  ClientSocket& operator=(const ClientSocket&) = delete;

  enum class Received { kBytes, kNothingYet, kClosed };

  Received Receive(bool may_wait);
  // Receives what has come and throws it away.
  Received Discard();

  // The bytes of the request that is being read, and what follows it.
  std::string_view bytes() const { return std::string_view(buffer_).substr(start_); }
  // The first `count` of them are done with.
  void Consume(size_t count);

  // False when the client is gone, or has not taken everything by `deadline`.
  bool Send(std::string_view bytes, RealTime deadline);

  // The client reads the end of the stream; it may still send.
  void FinishSending();

  // From any thread: a Receive that waits ends, and every later one finds the end of the stream.
  void StopReceiving();
  // From any thread: a Send that waits ends, too.
  void Break();

  int descriptor() const { return descriptor_; }

 private:
  const int descriptor_;
  std::string buffer_;
  size_t start_ = 0;  // in buffer_: what is before it is done with
};

}  // namespace emulator
