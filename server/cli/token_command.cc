#include "cli/token_command.h"

#include <nlohmann/json.hpp>
#include <stdexcept>

#include "cli/control_client.h"

namespace emulator::cli {

std::string RequestToken(const Options& options) {
  const TokenInput& wish = options.token;
  nlohmann::json order = nlohmann::json::object();
  if (!wish.client.empty()) order["client"] = wish.client;
  if (!wish.user.empty()) order["user"] = wish.user;
  if (!wish.scopes.empty()) order["scopes"] = wish.scopes;
  if (wish.ttl > 0) order["ttl"] = wish.ttl;
  if (!wish.defect.empty()) order["defect"] = wish.defect;
  const auto answer =
      nlohmann::json::parse(CallEmulator(options.url,
                                         {.method = "POST",
                                          .target = "/_emulator/tokens",
                                          .headers = {{"Content-Type", "application/json"}},
                                          .body = order.dump()},
                                         options.control_token),
                            nullptr, /*allow_exceptions=*/false);
  if (!answer.is_object() || !answer.contains("token"))
    throw std::runtime_error(options.url + " is no export-emulator.");
  return answer["token"].get<std::string>() + "\n";
}

}  // namespace emulator::cli
