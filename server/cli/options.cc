#include "cli/options.h"

#include "cli/usage_error.h"

namespace emulator::cli {

namespace {

void CheckTls(const TlsOptions& tls, int http_port) {
  if (tls.cert_file.empty() != tls.key_file.empty())
    throw UsageError(tls.key_file.empty()
                         ? "--tls-cert is given without --tls-key. Give the key, too."
                         : "--tls-key is given without --tls-cert. Give the certificate, too.");
  if (tls.self_signed && !tls.cert_file.empty())
    throw UsageError(
        "--tls self-signed and --tls-cert contradict each other. Give only one of them.");
  if (!tls.self_signed && !tls.names.empty())
    throw UsageError(
        "--tls-name needs --tls self-signed. The certificate of --tls-cert has its own names.");
  if (!tls.self_signed && !tls.ca_file.empty())
    throw UsageError(
        "--tls-ca-file needs --tls self-signed. The emulator does not have the CA of --tls-cert.");
  if (tls.port && !tls.IsEnabled())
    throw UsageError(
        "--tls-port is given without TLS. Add --tls self-signed, or --tls-cert and --tls-key.");
  if (tls.port && *tls.port != 0 && *tls.port == http_port)
    throw UsageError("--tls-port and --port are both " + std::to_string(http_port) +
                     ". Give two different ports.");
}

}  // namespace

void CheckEmulatorOptions(const EmulatorOptions& options) {
  if (options.control.setting == ControlSetting::kOff && !options.control.token.empty())
    throw UsageError(
        "--control off and --control-token contradict each other. Give only one of them.");
  CheckTls(options.tls, options.listen.port);
}

}  // namespace emulator::cli
