#include "cli/why_command.h"

#include <nlohmann/json.hpp>
#include <stdexcept>

#include "cli/control_client.h"

namespace emulator::cli {

namespace {

http::Request Get(const std::string& path, const char* accept) {
  return {.method = "GET", .target = path, .headers = {{"Accept", accept}}};
}

}  // namespace

std::string FetchWhy(const std::string& url, const std::string& token, int last) {
  const std::string path = "/_emulator/requests";
  const auto list = nlohmann::json::parse(
      CallEmulator(url, Get(path + "?limit=" + std::to_string(last), "application/json"), token),
      nullptr, /*allow_exceptions=*/false);
  if (!list.is_object() || !list.contains("requests"))
    throw std::runtime_error(url + " is no export-emulator.");
  std::string text;
  for (const auto& request : list["requests"]) {
    if (!text.empty()) text += "\n";
    text += CallEmulator(url, Get(path + "/" + request["id"].dump() + "/why", "text/plain"), token);
  }
  return text.empty() ? "The journal is empty.\n" : text;
}

}  // namespace emulator::cli
