// What all TLS sessions of a door have in common: certificate and key, versions, protocol.
// Threads: any.
#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "crypto/pem.h"
#include "http/server/tls_session.h"

struct ssl_ctx_st;

namespace emulator::http::server {

class TlsContext {
 public:
  // Throws crypto::PemError.
  explicit TlsContext(const crypto::PemPair& pair);

  // For the sessions that begin from now on. Throws crypto::PemError, and all stays as it was.
  void Reload(const crypto::PemPair& pair);

  // TLS 1.2 or 1.3 and, where the client asks for a protocol by ALPN, HTTP/1.1. No certificate is
  // asked of clients, and there is no renegotiation.
  std::unique_ptr<TlsSession> Begin() const;

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<ssl_ctx_st> library_;  // guarded by mutex_; never nullptr
};

}  // namespace emulator::http::server
