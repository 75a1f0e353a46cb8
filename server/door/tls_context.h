// What all TLS sessions of a door have in common: certificate and key, versions, protocol.
// Threads: any.
#pragma once

#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>

#include "door/tls_session.h"

struct ssl_ctx_st;

namespace emulator {

// A certificate or a key cannot be used; what() is a sentence with the way out.
class TlsError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// A PEM text, and what a sentence calls it: "--tls-key: server.key".
struct Pem {
  std::string text;
  std::string name;
};
struct PemPair {
  Pem certificate;  // the server's first, then those that lead to its CA
  Pem key;          // a secret; not encrypted
};

// Of --tls-cert and --tls-key. Throws TlsError.
PemPair ReadPemFiles(const std::string& certificate, const std::string& key);

class TlsContext {
 public:
  // Throws TlsError.
  explicit TlsContext(const PemPair& pair);

  // For the sessions that begin from now on. Throws TlsError, and all stays as it was.
  void Renew(const PemPair& pair);

  // TLS 1.2 or 1.3 and, where the client asks for a protocol by ALPN, HTTP/1.1. No certificate is
  // asked of clients, and there is no renegotiation.
  std::unique_ptr<TlsSession> Begin() const;

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<ssl_ctx_st> library_;  // guarded by mutex_; never nullptr
};

}  // namespace emulator
