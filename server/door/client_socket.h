// One client's socket, and the bytes that came of it.
// Threads: belongs to one thread at a time, but for StopReceiving.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace emulator {

class ClientSocket {
 public:
  // Sets what the sockets that a listening one accepts have from it. REQUIRES: it does not listen
  // yet, or a client that comes meanwhile goes without.
  static void SetInherited(int listening);

  // Owns the descriptor, which was accepted from such a one.
  explicit ClientSocket(int descriptor) : descriptor_(descriptor) {}
  ~ClientSocket();
  ClientSocket(const ClientSocket&) = delete;
  ClientSocket& operator=(const ClientSocket&) = delete;

  enum class Received { kBytes, kNothingYet, kClosed };

  // Waits for bytes a moment, where it may linger.
  Received Receive(bool may_linger);
  // Throws away what has come. False when the client is gone.
  bool Discard();

  // The bytes of the request that is being read, and what follows it.
  std::string_view bytes() const { return std::string_view(buffer_).substr(start_); }
  // The first `count` of them are done with.
  void Consume(size_t count);

  // Never waits. How many bytes found room; nullopt when the client is gone.
  std::optional<size_t> Send(std::string_view bytes);

  // True when the client sent what nobody has looked at: closing over that would reset the
  // connection, and the last answer could be lost.
  bool HasUnread() const;

  // The client reads the end of the stream; it may still send.
  void FinishSending();
  // The close, when it comes, will be a reset.
  void ResetAtClose();

  // From any thread: a Receive that waits ends, and every later one finds the end of the stream.
  void StopReceiving();

  int descriptor() const { return descriptor_; }

 private:
  const int descriptor_;
  std::string buffer_;
  size_t start_ = 0;  // in buffer_: what is before it is done with
};

}  // namespace emulator
