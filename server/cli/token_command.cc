#include "cli/token_command.h"

#include <iostream>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "base/text.h"
#include "cli/control_client.h"
#include "cli/exit_codes.h"
#include "cli/help_text.h"
#include "cli/settings.h"
#include "cli/value_parsers.h"
#include "tokens/token_maker.h"

namespace emulator::cli {

Syntax TokenSyntax(TokenOptions& o) {
  return {.groups = {With(
              RemoteSettings(o.remote),
              {{"--client", nullptr, "ID", "first client", "Client of the token", ToText(o.client)},
               {"--user", nullptr, "ID", "client's user, else first", "User of the token",
                ToText(o.user)},
               {"--scope", nullptr, "SCOPE", "itwin-platform", "Scope of the token; repeatable",
                ToTextList(o.scopes)},
               {"--ttl", nullptr, "SECONDS", "3600", "Lifetime on the world's clock",
                ToNumber(o.ttl, 1, 31'536'000)},
               {"--defect", nullptr, "NAME", "none", "Make the token defective in this way",
                ToTokenDefect(o.defect)}})},
          .operand = UrlOperand(o.remote),
          .notes = Wrap("Defects: " + Join(tokens::CorruptionNames()) + ".", 100) + "\n"};
}

std::string TokenRequestBody(const TokenOptions& options) {
  nlohmann::json body = nlohmann::json::object();
  if (!options.client.empty()) body["client"] = options.client;
  if (!options.user.empty()) body["user"] = options.user;
  if (!options.scopes.empty()) body["scopes"] = options.scopes;
  if (options.ttl > 0) body["ttl"] = options.ttl;
  if (!options.defect.empty()) body["defect"] = options.defect;
  return body.dump();
}

int RunToken(const TokenOptions& options) {
  const auto response = nlohmann::json::parse(
      CallEmulator(options.remote, {.method = "POST",
                                    .target = "/_emulator/tokens",
                                    .headers = {{"Content-Type", "application/json"}},
                                    .body = TokenRequestBody(options)}),
      nullptr, /*allow_exceptions=*/false);
  if (!response.is_object() || !response.contains("token"))
    throw std::runtime_error(options.remote.url + " is not an export-emulator.");
  std::cout << response["token"].get<std::string>() << "\n";
  return kSuccess;
}

}  // namespace emulator::cli
