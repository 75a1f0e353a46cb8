#include "oauth/errors.h"

#include <nlohmann/json.hpp>

namespace emulator::oauth {

std::string DescriptionOf(const api::ApiError& error, std::string_view more) {
  std::string description(error.message);
  if (!more.empty()) description.append(" ").append(more).append(".");
  return description;
}

http::Response RefuseByOAuth(const api::ApiError& error, std::string_view more) {
  const nlohmann::ordered_json body{{"error", error.code},
                                    {"error_description", DescriptionOf(error, more)}};
  return {.status = error.status,
          .headers = {{"Content-Type", "application/json"}, {"Cache-Control", "no-store"}},
          .body = body.dump()};
}

}  // namespace emulator::oauth
