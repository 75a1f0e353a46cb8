#include <nlohmann/json.hpp>

#include "support/test_emulator.h"

using namespace emulator;
using namespace emulator::control;
using nlohmann::json;

TEST_CASE("sandboxes are listed with their base URL, created, deleted and limited in number") {
  TestEmulator ask({}, {.max_sandboxes = 2});
  CHECK(ask("GET", "/_emulator/sandboxes/a", "").status == 404);
  CHECK(ask("/_sandbox/a" + kExamplePath, "reader-token").status == 200);
  CHECK(BodyOf(ask("GET", "/_emulator/sandboxes/a", ""))["url"] ==
        "http://emulator.test/_sandbox/a");
  const http::Response created =
      ask("PUT", "/_emulator/sandboxes/b", R"({"fixtures": {"connections": [{"id": "only"}]}})");
  CHECK(created.status == 201);
  CHECK(BodyOf(created)["ownFixtures"] == true);
  CHECK(ask("/_sandbox/b" + kExamplePath, "reader-token").status == 401);

  const http::Response third = ask("/_sandbox/c" + kExamplePath, "reader-token");
  CHECK(third.status == 503);
  CHECK(BodyOf(third)["error"]["code"] == "TooManySandboxes");
  CHECK(ask("PUT", "/_emulator/sandboxes/c", "").status == 503);
  CHECK(BodyOf(ask("/_emulator/sandboxes"))["sandboxes"].size() == 2);
  // Calls about all sandboxes are the same in each sandbox, and create none.
  CHECK(ask("DELETE", "/_sandbox/c/_emulator/sandboxes/a", "").status == 204);
  CHECK(BodyOf(ask("/_emulator/sandboxes"))["sandboxes"].size() == 1);
}
