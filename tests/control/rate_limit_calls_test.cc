#include <nlohmann/json.hpp>

#include "support/test_emulator.h"

using namespace emulator;
using namespace emulator::control;
using nlohmann::json;

TEST_CASE("the limits of a client are read, set, used up and reset") {
  TestEmulator ask;
  const std::string path = "/_emulator/rate-limit/premium-app";
  const auto call = [&] { return ask(kExamplePath, "reader-token"); };
  const json before = BodyOf(ask(path));
  CHECK(before["limitedBy"] == "tier");
  CHECK(before["windows"][0] ==
        json{{"limit", 5000}, {"seconds", 60}, {"used", 0}, {"remaining", 5000}});

  CHECK(
      BodyOf(ask("PUT", path,
                 R"([{"limit": 2, "seconds": 60}, {"limit": 3, "seconds": 3600}])"))["limitedBy"] ==
      "control");
  CHECK(call().status == 200);
  const json after = BodyOf(ask(path));
  CHECK(after["windows"][0] == json{{"limit", 2},
                                    {"seconds", 60},
                                    {"used", 1},
                                    {"remaining", 1},
                                    {"resetsAt", "2026-11-24T12:01:00Z"}});
  CHECK(after["windows"][1]["remaining"] == 2);
  CHECK(call().status == 200);
  CHECK(HeaderOf(call(), "retry-after") == "60");

  ask("DELETE", path, "");
  CHECK(call().status == 200);
  CHECK(BodyOf(ask("POST", path + "/exhaust", ""))["windows"][0]["remaining"] == 0);
  CHECK(call().status == 429);
  ask("PUT", path, "\"off\"");
  CHECK(call().status == 200);
  CHECK(ask("POST", path + "/exhaust", "").status == 409);
  ask("PUT", path, "\"default\"");
  CHECK(BodyOf(ask(path))["limitedBy"] == "tier");
  CHECK(BodyOf(ask("/_emulator/rate-limit"))["clients"].size() ==
        DefaultFixtures().clients.items.size());
}
