// TLS on one connection, the server's side: bytes off the wire in, bytes for the wire out. It knows
// no socket and never waits; client_socket.h moves the bytes.
// Threads: belongs to one thread at a time.
#pragma once

#include <memory>
#include <string>
#include <string_view>

struct ssl_st;

namespace emulator::http::server {

class TlsSession {
 public:
  // Owns `ssl`, of which nothing was used yet.
  explicit TlsSession(ssl_st* ssl);
  ~TlsSession();
  TlsSession(const TlsSession&) = delete;
  TlsSession& operator=(const TlsSession&) = delete;

  // What came off the wire. What it means is put behind `plain`: nothing, where it is of a
  // handshake or less than a record.
  void Decrypt(std::string_view wire, std::string& plain);
  // False when nothing can be said: the handshake is not over, or went wrong.
  bool Encrypt(std::string_view plain);
  // The last that is said, so that the client can tell an end from a cut wire (close_notify).
  void Shutdown();

  // No more comes of the client: it said so, or what it sent is not TLS as it should be.
  bool is_over() const { return is_over_; }
  bool has_failed_handshake() const { return has_failed_handshake_; }
  // The client has begun what it has not finished: a handshake, a record.
  bool HasPartialInput() const;

  // For the wire, as far as it was not taken away.
  std::string& outgoing() { return outgoing_; }

 private:
  struct Wire;  // the library's way to both kinds of bytes
  struct Freed {
    void operator()(ssl_st* ssl) const;
  };

  std::unique_ptr<ssl_st, Freed> ssl_;
  std::string_view incoming_;  // only while Take runs
  std::string outgoing_;
  bool is_over_ = false;
  bool is_broken_ = false;
  bool has_failed_handshake_ = false;
};

}  // namespace emulator::http::server
