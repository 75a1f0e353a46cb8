// The port of HTTPS, as the options want it: where it listens, and with what certificate.
// Threads: one; what it gives the server is for any.
#pragma once

#include <string>

#include "access_log.h"
#include "cli/options.h"
#include "crypto/certificates.h"
#include "http/server/http_server.h"
#include "http/server/listener.h"
#include "http/server/tls_context.h"

namespace emulator::cli {

// Refuses a --tls-ca-file that is there and is not what an emulator left there: it would be lost.
// Throws UsageError.
void RefuseForeignCaFile(const std::string& file);

class HttpsEndpoint {
 public:
  // REQUIRES: SpeaksTls(options). Throws crypto::PemError, ListenError. The options outlive it.
  explicit HttpsEndpoint(const Options& options);

  http::server::HttpServer::Endpoint endpoint() { return {listener_, &context_}; }
  const http::server::Listener& listener() const { return listener_; }

  // PEM: whom clients are to trust. Empty: the certificate is not of our making.
  const std::string& ca() const { return ca_; }

  // Reads certificate and key again, for connections that begin from now on. The log is told; where
  // they are bad, all stays as it was. One of our making stays, too: clients trust its CA.
  void Reload(AccessLog& log);

 private:
  HttpsEndpoint(const Options& options, const crypto::IssuedCertificate& certificate);

  const Options& options_;
  const std::string ca_;
  http::server::TlsContext context_;
  http::server::Listener listener_;
};

}  // namespace emulator::cli
