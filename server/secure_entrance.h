// The port of HTTPS, as the options want it: where it listens, and with what certificate.
// Threads: one; what it gives the server is for any.
#pragma once

#include <string>

#include "access_log.h"
#include "door/certificates.h"
#include "door/http_server.h"
#include "door/listener.h"
#include "door/tls_context.h"
#include "options.h"

namespace emulator {

// Refuses a --tls-ca-file that is there and is not what an emulator left there: it would be lost.
// Throws UsageError.
void RefuseForeignCaFile(const std::string& file);

class SecureEntrance {
 public:
  // REQUIRES: SpeaksTls(options). Throws TlsError, ListenError. The options outlive it.
  explicit SecureEntrance(const Options& options);

  HttpServer::Entrance entrance() { return {listener_, &context_}; }
  const Listener& listener() const { return listener_; }

  // PEM: whom clients are to trust. Empty: the certificate is not of our making.
  const std::string& ca() const { return ca_; }

  // Reads certificate and key again, for connections that begin from now on. The log is told; where
  // they are bad, all stays as it was. One of our making stays, too: clients trust its CA.
  void Renew(AccessLog& log);

 private:
  SecureEntrance(const Options& options, const IssuedCertificate& certificate);

  const Options& options_;
  const std::string ca_;
  TlsContext context_;
  Listener listener_;
};

}  // namespace emulator
