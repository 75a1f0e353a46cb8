#include "diagnosis/coverage.h"

#include "api/operations.h"
#include "support/world.h"

using namespace emulator;
using namespace emulator::diagnosis;

namespace {

const std::string kGetConnection = "get-export-connection";
const std::vector<std::string> kOnly{kGetConnection};

journal::Journal::Totals TotalsOf(const std::map<int, uint64_t>& statuses) {
  return {.outcomes = {{kGetConnection, statuses}}};
}

// "200:3 401:0 ..." of the one operation.
std::string Outcomes(const Coverage& coverage) {
  REQUIRE(coverage.operations.size() == 1);
  std::string text;
  for (const auto& outcome : coverage.operations[0].outcomes)
    text.append(text.empty() ? "" : " ")
        .append(std::to_string(outcome.status))
        .append(":")
        .append(std::to_string(outcome.count));
  return text;
}

}  // namespace

TEST_CASE("coverage counts the successes and the refusals of every operation") {
  const Coverage all = MeasureCoverage({});
  REQUIRE(all.operations.size() == api::Operations().size());
  CHECK(all.documented == 42);
  CHECK(MeasureCoverage({TotalsOf({{200, 1}})}).percent() == 2);
  CHECK(MeasureCoverage({}, {"no-such-operation", kGetConnection}).documented == 5);
}

TEST_CASE("coverage can be limited to some operations") {
  const Coverage coverage = MeasureCoverage({}, kOnly);
  REQUIRE(coverage.operations.size() == 1);
  CHECK(coverage.operations[0].name == kGetConnection);
  CHECK(Outcomes(coverage) == "200:0 401:0 403:0 404:0 429:0");
  CHECK(coverage.documented == 5);
  CHECK(coverage.covered == 0);
  CHECK(coverage.percent() == 0);
}

TEST_CASE("an outcome counts once, and the percentage is rounded down") {
  const Coverage coverage = MeasureCoverage({TotalsOf({{200, 7}, {404, 1}})}, kOnly);
  CHECK(Outcomes(coverage) == "200:7 401:0 403:0 404:1 429:0");
  CHECK(coverage.covered == 2);
  CHECK(coverage.percent() == 40);
  CHECK(Coverage{.documented = 3, .covered = 2}.percent() == 66);
  CHECK(MeasureCoverage({TotalsOf({{200, 1}, {401, 1}, {403, 1}, {404, 1}, {429, 1}})}, kOnly)
            .percent() == 100);
}

TEST_CASE("several worlds count together") {
  const Coverage coverage =
      MeasureCoverage({TotalsOf({{200, 1}}), {}, TotalsOf({{200, 2}, {429, 5}})}, kOnly);
  CHECK(Outcomes(coverage) == "200:3 401:0 403:0 404:0 429:5");
  CHECK(coverage.covered == 2);
}

TEST_CASE("undocumented statuses, broken connections and other paths cover nothing") {
  const Coverage coverage = MeasureCoverage({TotalsOf({{0, 1}, {204, 1}, {500, 1}, {503, 1}}),
                                             {.outcomes = {{"another-operation", {{200, 1}}}}}},
                                            kOnly);
  CHECK(coverage.covered == 0);
  CHECK(coverage.documented == 5);
}

TEST_CASE("answers by a planned fault or by Prefer cover an outcome") {
  TestWorld test;
  const auto covered = [&](const http::Request& request) {
    const api::RequestRecord record = test.Ask(request);
    test.world.journal->Add({.operation = record.operation, .status = record.response.status}, {},
                            {}, http::Credentials({}));
    return Outcomes(MeasureCoverage({test.world.journal->Count()}, kOnly));
  };
  CHECK(covered(Get("/nothing")) == "200:0 401:0 403:0 404:0 429:0");
  CHECK(covered(Get(kExamplePath, "reader-token")) == "200:1 401:0 403:0 404:0 429:0");
  CHECK(covered(Get(kExamplePath)) == "200:1 401:1 403:0 404:0 429:0");
  http::Request preferring = Get(kExamplePath);
  preferring.headers.Add("Prefer", "code=429");
  CHECK(covered(preferring) == "200:1 401:1 403:0 404:0 429:1");
  test.world.faults.Add({.then = {.answer = api::Refuse(api::errors::kInsufficientPermissions)}});
  CHECK(covered(Get(kExamplePath)) == "200:1 401:1 403:1 404:0 429:1");
}
