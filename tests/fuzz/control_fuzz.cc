// One of the emulator's own calls: a byte chooses it, a line is what its path names, the rest is
// its body. Whatever comes, the answer is one, refusals are sentences, and a reset brings all back.

#include <nlohmann/json.hpp>
#include <set>

#include "control/control.h"
#include "fuzz_world.h"

namespace emulator {
namespace {

FuzzWorld& TheWorld() {
  static FuzzWorld world;
  return world;
}

// The path of a row with a name in place of its parameter.
std::string TargetOf(const ControlRow& row, std::string_view name) {
  std::string target(row.route.path);
  const size_t start = target.find('{');
  if (start == std::string::npos) return target;
  std::string encoded;
  for (const char c : name) {
    constexpr const char* kDigits = "0123456789ABCDEF";
    const auto byte = static_cast<unsigned char>(c);
    encoded.append({'%', kDigits[byte >> 4], kDigits[byte & 15]});
  }
  return target.replace(start, target.find('}') - start + 1, encoded);
}

void CheckAnswer(const Response& response) {
  const std::set<int> known{200, 201, 204, 400, 404, 409, 422, 503};
  Require(known.contains(response.status), "the status is one of the contract", response.body);
  if (response.status == 204) return Require(response.body.empty(), "204 has no body");
  const auto body = nlohmann::json::parse(response.body, nullptr, /*allow_exceptions=*/false);
  Require(body.is_object(), "every answer is a JSON object", response.body);
  if (response.status < 400) return;
  const std::string message = body.at("error").at("message");
  Require(message.ends_with('.') || message.ends_with('?'), "a refusal is a sentence",
          response.body);
}

void CheckReset() {
  Request reset{.method = "POST", .target = "/_emulator/reset"};
  Require(TheWorld().emulator.Answer(reset).status == 204, "a reset is always possible");
  TheWorld().StartAnew();
  Request example{.method = "GET",
                  .target = "/export/connections/fc226d0d-1647-48d7-8c11-f1f74f2d9808",
                  .headers = {{"Authorization", "Bearer reader-token"}}};
  Require(TheWorld().emulator.Answer(example).status == 200, "after a reset all is as before");
}

}  // namespace
}  // namespace emulator

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace emulator;
  const std::string_view text = Bytes(data, size);
  const size_t end = text.find('\n');
  if (text.empty() || end == std::string_view::npos || end == 0) return 0;
  const auto rows = ControlRows();
  const ControlRow& row = rows[static_cast<unsigned char>(text[0]) % rows.size()];
  const Request request{.method = std::string(row.route.method),
                        .target = TargetOf(row, text.substr(1, end - 1)),
                        .body = std::string(text.substr(end + 1))};
  CheckAnswer(TheWorld().emulator.Answer(request));
  CheckReset();
  return 0;
}
