// A client's socket and the bytes received from it. Hides TLS from its callers.
// Threads: one at a time, except StopReceiving.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "http/server/tls_context.h"

namespace emulator::http::server {

class ClientSocket {
 public:
  // Sets the options that accepted sockets inherit from a listening one. REQUIRES: it does not
  // listen yet, else early clients lack the options.
  static void SetInherited(int listening);

  // Owns the descriptor, which was accepted from such a socket. The caller owns `tls`; nullptr:
  // plain HTTP.
  explicit ClientSocket(int descriptor, const TlsContext* tls = nullptr)
      : descriptor_(descriptor), tls_(tls) {}
  ~ClientSocket();
  ClientSocket(const ClientSocket&) = delete;
  ClientSocket& operator=(const ClientSocket&) = delete;

  enum class Received { kBytes, kNothingYet, kClosed };

  // Receives bytes; waits a moment for them if `may_linger`. With TLS, kBytes may add no plain
  // bytes, and the bytes that end the session may add some: then the next call returns kClosed.
  Received Receive(bool may_linger);
  // Discards received bytes. False if the client has closed the connection.
  bool Discard();

  // The received bytes that are not consumed.
  std::string_view bytes() const { return std::string_view(buffer_).substr(start_); }
  // Removes the first `count` of them.
  void Consume(size_t count);

  bool is_secure() const { return session_ != nullptr; }  // the client uses TLS
  // True if the client began with plain HTTP where TLS is required. The socket is plain then.
  bool is_plain_by_mistake() const { return is_plain_by_mistake_; }
  // True if the TLS handshake failed, other than by the client's close.
  bool has_failed_handshake() const { return session_ && session_->has_failed_handshake(); }
  // True if a part of a TLS handshake or record has arrived.
  bool HasPartialInput() const { return session_ && session_->HasPartialInput(); }

  // Never waits. Returns how many bytes were sent; nullopt if the client has closed the connection.
  // After a partial send the next call REQUIRES the remaining bytes first.
  std::optional<size_t> Send(std::string_view bytes);

  // True if there is unread input: closing the socket would reset the connection, and the last
  // response could be lost.
  bool HasUnread() const;

  // True if bytes of TLS itself (handshake, close) wait for room.
  bool HasUnsent() const { return session_ && !session_->outgoing().empty(); }

  // With TLS: sends close_notify, after which nothing can be sent. The destructor calls it, too,
  // but cannot wait for room.
  void SendCloseNotify();
  // Shuts down sending, after the unsent bytes. The client may still send.
  void FinishSending();
  // Makes the close a reset.
  void ResetAtClose();

  // From any thread: ends a waiting Receive, and lets later ones find the end of the stream.
  void StopReceiving();

  int descriptor() const { return descriptor_; }

 private:
  bool BeginTls(std::string_view wire);  // false: not TLS
  bool Flush();                          // sends TLS output; false: the client has closed
  std::optional<size_t> SendByTls(std::string_view bytes);

  const int descriptor_;
  std::string buffer_;
  size_t start_ = 0;  // in buffer_: the first byte that is not consumed

  const TlsContext* tls_;
  std::unique_ptr<TlsSession> session_;  // from the first byte on
  size_t encrypted_ = 0;  // plain bytes that are encrypted but not counted as sent yet
  bool is_plain_by_mistake_ = false;
  bool is_finishing_ = false;  // shut down sending once all is sent
  bool will_reset_ = false;
};

}  // namespace emulator::http::server
