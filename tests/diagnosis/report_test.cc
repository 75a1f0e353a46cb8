#include "diagnosis/report.h"

#include <nlohmann/json.hpp>

#include "support/test_emulator.h"

using namespace emulator;
using namespace emulator::diagnosis;

namespace {

std::vector<Verification> ReadClaims(const std::string& text) {
  std::vector<std::string> errors;
  auto verifications = ReadVerificationText(text, errors);
  REQUIRE(errors.empty());
  return verifications;
}

}  // namespace

TEST_CASE("a report counts the requests of all worlds, also of deleted ones") {
  TestEmulator ask;
  ask.worlds.journals().KeepAll();
  ask(kExamplePath, "reader-token");
  ask(kExamplePath, "expired-token");
  ask("/_sandbox/a" + kExamplePath, "throttled-token");
  ask("/_sandbox/a" + kExamplePath, "throttled-token");
  ask("/_sandbox/idle/_emulator/clock");
  CHECK(ask.worlds.DeleteSandbox("a"));
  const Report report(ask.worlds.journals().All(),
                      ReadClaims(R"([{"match": {"status": 429}, "count": {"exactly": 2}},
                                 {"match": {"status": 404}}])"),
                      {"get-export-connection"});
  CHECK(report.IsUnmet());
  CHECK(report.early_retries() == 1);
  CHECK(report.coverage_percent() == 60);
  CHECK(report.Text() ==
        "export-emulator: requests 4, worlds 2\n"
        "  refused: rate-limited 2, token-expired 1\n"
        "  coverage: 3 of 5 documented outcomes (60 %); not covered: get-export-connection 403, "
        "404\n"
        "  contract warnings: accept-missing 4, scope-older 4\n"
        "  outside the contract: requests 4\n"
        "  retries: early 1, never 1, on time 0\n"
        "  verified: {\"count\":{\"exactly\":2},\"match\":{\"status\":429}}\n"
        "  NOT VERIFIED: 0 requests match; wanted: at least 1. The nearest is request 4: status "
        "was 429, not "
        "404. {\"match\":{\"status\":404}}\n");
  const auto json = nlohmann::json::parse(report.Json(3));
  CHECK(json["exitCode"] == 3);
  CHECK(json["requests"] == 4);
  CHECK(json["outsideContract"] == 4);
  CHECK(json["violations"] == 0);
  CHECK(json["worlds"] == 2);
  CHECK(json["dropped"] == 0);
  CHECK(json["refused"]["rate-limited"] == 2);
  CHECK(json["retries"]["early"] == 1);
  CHECK(json["coverage"]["percent"] == 60);
  CHECK(json["results"][0]["passed"] == true);
  CHECK(json["results"][1]["nearest"]["differs"][0]["member"] == "status");
}

TEST_CASE("a report without requests") {
  const Report report({}, {});
  CHECK_FALSE(report.IsUnmet());
  CHECK(report.coverage_percent() == 0);
  CHECK(report.Text().find(
            "0 of 42 documented outcomes (0 %); not covered: create-export-connection; "
            "get-export-connections; get-export-connection; ") != std::string::npos);
  CHECK(report.Text().find("requests 0, worlds 0\n") != std::string::npos);
}

TEST_CASE("a report says how many requests the journal dropped") {
  TestEmulator ask({}, {.journal_bytes = 1000});
  ask.worlds.journals().KeepAll();
  for (int i = 0; i < 5; ++i) ask(kExamplePath, "reader-token");
  const Report report(ask.worlds.journals().All(), {});
  CHECK(report.Text().find("requests 5, worlds 1\n") != std::string::npos);
  CHECK(report.Text().find("which contract warnings, retries and verifications do not include") !=
        std::string::npos);
}
