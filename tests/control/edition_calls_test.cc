#include <nlohmann/json.hpp>

#include "support/test_emulator.h"

using namespace emulator;
using namespace emulator::control;
using nlohmann::json;

TEST_CASE("a world follows the edition and the assumptions that were set, until it is reset") {
  TestEmulator ask({}, {.initial = {.profile = {.project_link = true}}});
  const std::string edition = "/_emulator/edition";
  const std::string initial = R"({"edition":"page","assumptions":["project-link"]})";
  CHECK(ask("GET", edition, "").body == initial);
  CHECK(ask("PUT", edition, R"({"assumptions": ["no-retry-after"], "edition": "current"})").body ==
        R"({"edition":"current","assumptions":["no-retry-after"]})");
  CHECK(ask("GET", "/_sandbox/a" + edition, "").body == initial);
  CHECK(ask(kExamplePath, "reader-token").status == 401);
  CHECK(ask("PUT", edition, R"({"edition": "next"})").status == 422);
  CHECK(ask("PUT", edition, "{}").status == 422);
  CHECK(ask("DELETE", edition, "").body == initial);
  ask("PUT", edition, R"({"edition": "current"})");
  CHECK(ask("POST", "/_emulator/reset", "").status == 204);
  CHECK(ask("GET", edition, "").body == initial);
}
