#include "cli/control_client.h"

#include <chrono>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "base/text.h"
#include "http/http_client.h"

namespace emulator::cli {

namespace {

constexpr auto kCallTimeout = std::chrono::seconds(10);

}  // namespace

std::string CallEmulator(const RemoteOptions& remote, http::Request request) {
  if (!remote.control_token.empty())
    request.headers.Add("Authorization", "Bearer " + remote.control_token);
  auto [response, is_untrusted] = http::Send(remote.url, request, kCallTimeout);
  if (is_untrusted)
    throw std::runtime_error("the certificate of " + remote.url +
                             " is not from a trusted CA. Set SSL_CERT_FILE to the emulator's CA: "
                             "the file of --tls-ca-file, or the body of /_emulator/ca.pem.");
  if (!response)
    throw std::runtime_error("no emulator responds at " + remote.url +
                             ". Start one, or give its URL.");
  if (response->status >= 200 && response->status < 300) return std::move(response->body);
  const auto body = nlohmann::json::parse(response->body, nullptr, /*allow_exceptions=*/false);
  const bool is_emulator = body.is_object() && body.contains("error") && body["error"].is_object();
  throw std::runtime_error(remote.url + request.target + ": " + std::to_string(response->status) +
                           ": " +
                           (is_emulator ? ScrubControls(body["error"].value("message", ""))
                                        : std::string("this is not an export-emulator.")));
}

}  // namespace emulator::cli
