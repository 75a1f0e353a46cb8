#include "cli/why_command.h"

#include <iostream>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "cli/control_client.h"
#include "cli/exit_codes.h"
#include "cli/settings.h"
#include "cli/value_parsers.h"

namespace emulator::cli {

namespace {

http::Request Get(const std::string& path, const char* accept) {
  return {.method = "GET", .target = path, .headers = {{"Accept", accept}}};
}

}  // namespace

Syntax WhySyntax(WhyOptions& o) {
  return {
      .groups = {With(RemoteSettings(o.remote),
                      {{"--last", "EXPORT_EMULATOR_LAST", "NUMBER", "1",
                        "Number of the newest requests to explain", ToNumber(o.last, 1, 1000)}})},
      .operand = UrlOperand(o.remote)};
}

std::string FetchWhy(const WhyOptions& options) {
  const RemoteOptions& remote = options.remote;
  const std::string path = "/_emulator/requests";
  const auto list = nlohmann::json::parse(
      CallEmulator(remote,
                   Get(path + "?limit=" + std::to_string(options.last), "application/json")),
      nullptr, /*allow_exceptions=*/false);
  if (!list.is_object() || !list.contains("requests"))
    throw std::runtime_error(remote.url + " is not an export-emulator.");
  std::string text;
  for (const auto& request : list["requests"]) {
    if (!text.empty()) text += "\n";
    text += CallEmulator(remote, Get(path + "/" + request["id"].dump() + "/why", "text/plain"));
  }
  return text.empty() ? "The journal is empty.\n" : text;
}

int RunWhy(const WhyOptions& options) {
  std::cout << FetchWhy(options);
  return kSuccess;
}

}  // namespace emulator::cli
