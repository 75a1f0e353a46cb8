#include "cli/https_endpoint.h"

#include <algorithm>
#include <filesystem>
#include <vector>

#include "base/file_io.h"

namespace emulator::cli {

namespace {

constexpr int kPort = 8443;  // of `serve`

// The files', or made.
crypto::IssuedCertificate Certificate(const Options& options) {
  if (!options.tls_self_signed)
    return {crypto::ReadPemFiles(options.tls_cert, options.tls_key), ""};
  std::vector<std::string> names{"localhost", "127.0.0.1", "::1"};
  const auto add = [&](const std::string& name) {
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  };
  if (crypto::IsCertificateName(options.host)) add(options.host);
  for (const std::string& name : options.tls_names) add(name);
  return crypto::IssueCertificate(names);
}

}  // namespace

void RefuseForeignCaFile(const std::string& file) {
  std::error_code no_file;
  if (file.empty() || !std::filesystem::is_regular_file(file, no_file)) return;
  if (!crypto::IsIssuedCa(ReadFile(file)))
    throw UsageError("--tls-ca-file: " + file +
                     " is there, and no CA that an emulator wrote; name another file.");
}

HttpsEndpoint::HttpsEndpoint(const Options& options)
    : HttpsEndpoint(options, Certificate(options)) {}

HttpsEndpoint::HttpsEndpoint(const Options& options, const crypto::IssuedCertificate& certificate)
    : options_(options),
      ca_(certificate.ca),
      context_(certificate.pair),
      listener_(options.host,
                options.tls_port.value_or(options.command == Command::kExec ? 0 : kPort),
                http::server::Scheme::kHttps) {}

void HttpsEndpoint::Reload(AccessLog& log) {
  if (options_.tls_self_signed) return;
  try {
    context_.Reload(crypto::ReadPemFiles(options_.tls_cert, options_.tls_key));
    log.Notice("certificate and key reloaded");
  } catch (const crypto::PemError& error) {
    log.Notice(std::string("certificate and key not reloaded, they stay as they were: ") +
               error.what());
  }
}

}  // namespace emulator::cli
