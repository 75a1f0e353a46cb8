// The HTTPS port: its listener, and the certificate it serves.
// Threads: one; the server uses endpoint() from any thread.
#pragma once

#include <string>

#include "access_log.h"
#include "cli/options.h"
#include "crypto/certificates.h"
#include "http/server/http_server.h"
#include "http/server/listener.h"
#include "http/server/tls_context.h"

namespace emulator::cli {

// Throws UsageError if --tls-ca-file exists and is not a CA that an emulator wrote: writing would
// destroy it.
void RejectForeignCaFile(const std::string& file);

class HttpsEndpoint {
 public:
  // The options must outlive it. REQUIRES: options.IsEnabled(). Throws crypto::PemError,
  // ListenError.
  HttpsEndpoint(const TlsOptions& options, const std::string& host);

  http::server::HttpServer::Endpoint endpoint() { return {listener_, &context_}; }
  const http::server::Listener& listener() const { return listener_; }

  // The CA certificate that clients have to trust, in PEM. Empty: the certificate is not generated.
  const std::string& ca() const { return ca_; }

  // Reads certificate and key again, for new connections. If they are invalid, the old ones stay. A
  // generated certificate always stays, because clients trust its CA. Writes a notice to the log.
  void Reload(AccessLog& log);

 private:
  HttpsEndpoint(const TlsOptions& options, const std::string& host,
                const crypto::IssuedCertificate& certificate);

  const TlsOptions& options_;
  const std::string ca_;
  http::server::TlsContext context_;
  http::server::Listener listener_;
};

}  // namespace emulator::cli
