#include "api/errors.h"

#include <nlohmann/json.hpp>

namespace emulator {

Response Refuse(const Refusal& refusal) {
  nlohmann::ordered_json error;
  error["code"] = refusal.code;
  error["message"] = refusal.message;
  if (!refusal.detail_code.empty())
    error["details"] = nlohmann::ordered_json::array(
        {{{"code", refusal.detail_code}, {"message", refusal.detail_message}}});
  return {.status = refusal.status,
          .headers = {{"Content-Type", "application/json"}},
          .body = nlohmann::ordered_json{{"error", std::move(error)}}.dump()};
}

}  // namespace emulator
