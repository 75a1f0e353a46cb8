// The server's side of TLS on one connection: decrypts received bytes and encrypts bytes to send.
// It has no socket and never waits; client_socket.h moves the bytes.
// Threads: one at a time.
#pragma once

#include <memory>
#include <string>
#include <string_view>

struct ssl_st;

namespace emulator::http::server {

class TlsSession {
 public:
  // Owns `ssl`, which must be new.
  explicit TlsSession(ssl_st* ssl);
  ~TlsSession();
  TlsSession(const TlsSession&) = delete;
  TlsSession& operator=(const TlsSession&) = delete;

  // Decrypts received bytes and appends the plain bytes to `plain`: none if `wire` is a part of a
  // handshake or of a record.
  void Decrypt(std::string_view wire, std::string& plain);
  // Appends to outgoing(). False if the handshake is not finished or failed.
  bool Encrypt(std::string_view plain);
  // Sends close_notify, so that the client can distinguish an end from a broken connection.
  void Shutdown();

  // The client sends no more: it sent close_notify, or its bytes are not valid TLS.
  bool is_over() const { return is_over_; }
  bool has_failed_handshake() const { return has_failed_handshake_; }
  // A part of a handshake or record has arrived.
  bool HasPartialInput() const;

  // Encrypted bytes to send; the caller removes what it has sent.
  std::string& outgoing() { return outgoing_; }

 private:
  struct Wire;  // OpenSSL's BIO on incoming_ and outgoing_
  struct Deleter {
    void operator()(ssl_st* ssl) const;
  };

  std::unique_ptr<ssl_st, Deleter> ssl_;
  std::string_view incoming_;  // only during Decrypt
  std::string outgoing_;
  bool is_over_ = false;
  bool is_broken_ = false;
  bool has_failed_handshake_ = false;
};

}  // namespace emulator::http::server
