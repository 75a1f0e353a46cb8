#include "secure_entrance.h"

#include <algorithm>
#include <filesystem>
#include <vector>

#include "whole_file.h"

namespace emulator {

namespace {

constexpr int kPort = 8443;  // of `serve`

// The files', or made.
IssuedCertificate Certificate(const Options& options) {
  if (!options.tls_self_signed) return {ReadPemFiles(options.tls_cert, options.tls_key), ""};
  std::vector<std::string> names{"localhost", "127.0.0.1", "::1"};
  const auto add = [&](const std::string& name) {
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  };
  if (IsCertificateName(options.host)) add(options.host);
  for (const std::string& name : options.tls_names) add(name);
  return IssueCertificate(names);
}

}  // namespace

void RefuseForeignCaFile(const std::string& file) {
  std::error_code no_file;
  if (file.empty() || !std::filesystem::is_regular_file(file, no_file)) return;
  if (!IsIssuedCa(ReadWhole(file)))
    throw UsageError("--tls-ca-file: " + file +
                     " is there, and no CA that an emulator wrote; name another file.");
}

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
