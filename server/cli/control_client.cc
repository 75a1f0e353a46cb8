#include "cli/control_client.h"

#include <chrono>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "http/http_client.h"

namespace emulator::cli {

namespace {

constexpr auto kPatience = std::chrono::seconds(10);

}  // namespace

std::string CallEmulator(const std::string& url, http::Request request, const std::string& token) {
  if (!token.empty()) request.headers.Add("Authorization", "Bearer " + token);
  auto [answer, is_untrusted] = http::Send(url, request, kPatience);
  if (is_untrusted)
    throw std::runtime_error("the certificate of " + url +
                             " is of no CA that is trusted here. Let SSL_CERT_FILE name the CA's: "
                             "/_emulator/ca.pem, or --tls-ca-file of the emulator.");
  if (!answer) throw std::runtime_error("no emulator answers at " + url + ".");
  if (answer->status >= 200 && answer->status < 300) return std::move(answer->body);
  const auto body = nlohmann::json::parse(answer->body, nullptr, /*allow_exceptions=*/false);
  const bool is_ours = body.is_object() && body.contains("error");
  throw std::runtime_error(
      url + request.target + " was answered " + std::to_string(answer->status) + ": " +
      (is_ours ? body["error"].value("message", "") : std::string("this is no export-emulator")));
}

}  // namespace emulator::cli
