#include "why_command.h"

#include <chrono>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "door/http_client.h"

namespace emulator {

namespace {

constexpr auto kPatience = std::chrono::seconds(10);

std::string Get(const std::string& url, const std::string& path, const std::string& token,
                const char* accept) {
  Headers headers{{"Accept", accept}};
  if (!token.empty()) headers.Add("Authorization", "Bearer " + token);
  const auto [answer, is_untrusted] = Ask(url, path, headers, kPatience);
  if (is_untrusted)
    throw std::runtime_error("the certificate of " + url +
                             " is of no CA that is trusted here. Let SSL_CERT_FILE name the CA's: "
                             "/_emulator/ca.pem, or --tls-ca-file of the emulator.");
  if (!answer) throw std::runtime_error("no emulator answers at " + url + ".");
  if (answer->status == 200) return answer->body;
  const auto body = nlohmann::json::parse(answer->body, nullptr, /*allow_exceptions=*/false);
  const bool is_ours = body.is_object() && body.contains("error");
  throw std::runtime_error(
      url + path + " was answered " + std::to_string(answer->status) + ": " +
      (is_ours ? body["error"].value("message", "") : std::string("this is no export-emulator")));
}

}  // namespace

std::string AskWhy(const std::string& url, const std::string& token, int last) {
  const std::string path = "/_emulator/requests";
  const auto list = nlohmann::json::parse(
      Get(url, path + "?limit=" + std::to_string(last), token, "application/json"), nullptr,
      /*allow_exceptions=*/false);
  if (!list.is_object() || !list.contains("requests"))
    throw std::runtime_error(url + " is no export-emulator.");
  std::string text;
  for (const auto& request : list["requests"]) {
    if (!text.empty()) text += "\n";
    text += Get(url, path + "/" + request["id"].dump() + "/why", token, "text/plain");
  }
  return text.empty() ? "The journal is empty.\n" : text;
}

}  // namespace emulator
