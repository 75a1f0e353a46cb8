#include "secure_entrance.h"

#include <vector>

namespace emulator {

namespace {

constexpr int kPort = 8443;  // of `serve`

// The files', or made.
IssuedCertificate Certificate(const Options& options) {
  if (!options.tls_self_signed) return {ReadPemFiles(options.tls_cert, options.tls_key), ""};
  std::vector<std::string> names{"localhost", "127.0.0.1", "::1"};
  if (IsCertificateName(options.host)) names.push_back(options.host);
  names.insert(names.end(), options.tls_names.begin(), options.tls_names.end());
  return IssueCertificate(names);
}

}  // namespace

SecureEntrance::SecureEntrance(const Options& options)
    : SecureEntrance(options, Certificate(options)) {}

SecureEntrance::SecureEntrance(const Options& options, const IssuedCertificate& certificate)
    : options_(options),
      ca_(certificate.ca),
      context_(certificate.pair),
      listener_(options.host,
                options.tls_port.value_or(options.command == Command::kExec ? 0 : kPort),
                Scheme::kHttps) {}

void SecureEntrance::Renew(AccessLog& log) {
  if (options_.tls_self_signed) return;
  try {
    context_.Renew(ReadPemFiles(options_.tls_cert, options_.tls_key));
    log.Notice("certificate and key reloaded");
  } catch (const TlsError& error) {
    log.Notice(std::string("certificate and key not reloaded, they stay as they were: ") +
               error.what());
  }
}

}  // namespace emulator
