// The settings of all TLS sessions of an endpoint: certificate and key, versions, protocol.
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

  // Replaces the certificate and key for new sessions. If it throws crypto::PemError, nothing
  // changes.
  void Reload(const crypto::PemPair& pair);

  // A new session: TLS 1.2 or 1.3, and HTTP/1.1 if the client uses ALPN. No client certificates, no
  // renegotiation.
  std::unique_ptr<TlsSession> Begin() const;

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<ssl_ctx_st> context_;  // guarded by mutex_; never nullptr
};

}  // namespace emulator::http::server
