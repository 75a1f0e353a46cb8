#include "oauth/errors.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

using namespace emulator;
using namespace emulator::oauth;

TEST_CASE("an OAuth error is a JSON object with error and error_description, and is not cached") {
  const http::Response response = RefuseByOAuth(oauth::errors::kParameterMissing, "grant_type");
  CHECK(response.status == 400);
  CHECK(*response.headers.Find("Cache-Control") == "no-store");
  CHECK(nlohmann::json::parse(response.body) ==
        nlohmann::json{{"error", "invalid_request"},
                       {"error_description", "A parameter is missing: grant_type."}});
}
