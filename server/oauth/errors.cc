#include "oauth/errors.h"

#include <nlohmann/json.hpp>

namespace emulator::oauth {

std::string DescriptionOf(const api::ApiError& refusal, std::string_view more) {
  std::string description(refusal.message);
  if (!more.empty()) description.append(" ").append(more).append(".");
  return description;
}

http::Response RefuseByOAuth(const api::ApiError& refusal, std::string_view more) {
  const nlohmann::ordered_json body{{"error", refusal.code},
                                    {"error_description", DescriptionOf(refusal, more)}};
  return {.status = refusal.status,
          .headers = {{"Content-Type", "application/json"}, {"Cache-Control", "no-store"}},
          .body = body.dump()};
}

}  // namespace emulator::oauth
