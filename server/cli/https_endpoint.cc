#include "cli/https_endpoint.h"

#include <algorithm>
#include <filesystem>
#include <vector>

#include "base/file_io.h"
#include "cli/usage_error.h"

namespace emulator::cli {

namespace {

// Reads the files, or issues a certificate.
crypto::IssuedCertificate LoadCertificate(const TlsOptions& options, const std::string& host) {
  if (!options.self_signed) return {crypto::ReadPemFiles(options.cert_file, options.key_file), ""};
  std::vector<std::string> names{"localhost", "127.0.0.1", "::1"};
  const auto add = [&](const std::string& name) {
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  };
  if (crypto::IsCertificateName(host)) add(host);
  for (const std::string& name : options.names) add(name);
  return crypto::IssueCertificate(names);
}

}  // namespace

void RejectForeignCaFile(const std::string& file) {
  std::error_code ignored;
  if (file.empty() || !std::filesystem::is_regular_file(file, ignored)) return;
  if (!crypto::IsIssuedCa(ReadFile(file)))
    throw UsageError("--tls-ca-file: " + file +
                     " exists and is not a CA that an emulator wrote. Name another file.");
}

HttpsEndpoint::HttpsEndpoint(const TlsOptions& options, const std::string& host)
    : HttpsEndpoint(options, host, LoadCertificate(options, host)) {}

HttpsEndpoint::HttpsEndpoint(const TlsOptions& options, const std::string& host,
                             const crypto::IssuedCertificate& certificate)
    : options_(options),
      ca_(certificate.ca),
      context_(certificate.pair),
      listener_(host, options.port.value_or(options.default_port), http::server::Scheme::kHttps) {}

void HttpsEndpoint::Reload(AccessLog& log) {
  if (options_.self_signed) return;
  try {
    context_.Reload(crypto::ReadPemFiles(options_.cert_file, options_.key_file));
    log.Notice("certificate and key reloaded");
  } catch (const crypto::PemError& error) {
    log.Notice(std::string("certificate and key not reloaded, the old ones stay: ") + error.what());
  }
}

}  // namespace emulator::cli
