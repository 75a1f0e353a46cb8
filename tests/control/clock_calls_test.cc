#include <nlohmann/json.hpp>

#include "support/test_emulator.h"

using namespace emulator;
using namespace emulator::control;
using nlohmann::json;

TEST_CASE("the clock moves rate-limit windows, token expiry and Date of its world only") {
  TestEmulator ask;
  const auto status = [&](const char* token) { return ask(kExamplePath, token).status; };
  ask("PUT", "/_emulator/rate-limit/premium-app", R"({"limit": 1, "seconds": 60})");
  CHECK(BodyOf(
            ask("PUT", "/_emulator/clock", R"({"now": "2000-06-01T00:00:00Z", "frozen": true})")) ==
        json{{"now", "2000-06-01T00:00:00Z"}, {"frozen", true}});
  CHECK(HeaderOf(ask("/"), "Date") == "Thu, 01 Jun 2000 00:00:00 GMT");
  CHECK(status("expired-token") == 200);
  CHECK(HeaderOf(ask("/_sandbox/other/"), "Date") != "Thu, 01 Jun 2000 00:00:00 GMT");
  CHECK(ask("/_sandbox/other" + kExamplePath, "expired-token").status == 401);

  CHECK(BodyOf(ask("POST", "/_emulator/clock/advance", R"({"seconds": 1.5})"))["now"] ==
        "2000-06-01T00:00:01.500Z");
  const json released = BodyOf(ask("DELETE", "/_emulator/clock", ""));
  CHECK(released["frozen"] == false);
  CHECK(released["now"].get<std::string>() > "2026");
}
