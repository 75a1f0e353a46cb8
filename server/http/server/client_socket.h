// One client's socket, and the bytes that came of it: as they are, or by TLS, of which nobody else
// sees anything.
// Threads: belongs to one thread at a time, but for StopReceiving.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "http/server/tls_context.h"

namespace emulator::http::server {

class ClientSocket {
 public:
  // Sets what the sockets that a listening one accepts have from it. REQUIRES: it does not listen
  // yet, or a client that comes meanwhile goes without.
  static void SetInherited(int listening);

  // Owns the descriptor, which was accepted from such a one. `tls`: stays the caller's; nullptr:
  // the client is to speak plainly.
  explicit ClientSocket(int descriptor, const TlsContext* tls = nullptr)
      : descriptor_(descriptor), tls_(tls) {}
  ~ClientSocket();
  ClientSocket(const ClientSocket&) = delete;
  ClientSocket& operator=(const ClientSocket&) = delete;

  enum class Received { kBytes, kNothingYet, kClosed };

  // Waits for bytes a moment, where it may linger. Those that came by TLS may mean none, and those
  // that end it may mean some: only the next call tells.
  Received Receive(bool may_linger);
  // Throws away what has come. False when the client is gone.
  bool Discard();

  // The bytes of the request that is being read, and what follows it.
  std::string_view bytes() const { return std::string_view(buffer_).substr(start_); }
  // The first `count` of them are done with.
  void Consume(size_t count);

  bool is_secure() const { return session_ != nullptr; }  // what comes, comes by TLS
  // True when it did not begin with TLS, as it should have, but as HTTP does. It is plain then.
  bool is_plain_by_mistake() const { return is_plain_by_mistake_; }
  // True when it ended before it could begin, in another way than by the client's going.
  bool has_failed_handshake() const { return session_ && session_->has_failed_handshake(); }
  // True when the client has begun what is no bytes yet: a TLS handshake, a record.
  bool HasPartialInput() const { return session_ && session_->HasPartialInput(); }

  // Never waits. How many bytes found room; nullopt when the client is gone. Where not all did, the
  // next call REQUIRES that it begins with the rest.
  std::optional<size_t> Send(std::string_view bytes);

  // True when the client sent what nobody has looked at: closing over that would reset the
  // connection, and the last answer could be lost.
  bool HasUnread() const;

  // Room is wanted for what no Send is about: of a handshake, or of an end.
  bool HasUnsent() const { return session_ && !session_->outgoing().empty(); }

  // Nothing is sent any more, and by TLS the client is told so. Done by the destructor, too, but
  // that cannot wait for room.
  void SendCloseNotify();
  // The client reads the end of the stream, once there was room for what is unsent; it may still
  // send.
  void FinishSending();
  // The close, when it comes, will be a reset.
  void ResetAtClose();

  // From any thread: a Receive that waits ends, and every later one finds the end of the stream.
  void StopReceiving();

  int descriptor() const { return descriptor_; }

 private:
  bool BeginTls(std::string_view wire);  // false: it is no TLS
  bool Flush();                          // of TLS; false: the client is gone
  std::optional<size_t> SendByTls(std::string_view bytes);

  const int descriptor_;
  std::string buffer_;
  size_t start_ = 0;  // in buffer_: what is before it is done with

  const TlsContext* tls_;
  std::unique_ptr<TlsSession> session_;  // from the first byte on
  size_t sealed_ =
      0;  // bytes that a Send gave to the session and has not told of, for lack of room
  bool is_plain_by_mistake_ = false;
  bool is_finishing_ = false;  // once all is sent
  bool will_reset_ = false;
};

}  // namespace emulator::http::server
