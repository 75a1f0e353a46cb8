#include "diagnosis/coverage.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "api/operations.h"

namespace emulator::diagnosis {

namespace {

uint64_t CountOutcome(const std::vector<journal::Journal::Totals>& worlds,
                      std::string_view operation, int status) {
  uint64_t count = 0;
  for (const journal::Journal::Totals& totals : worlds)
    if (const auto statuses = totals.outcomes.find(operation); statuses != totals.outcomes.end())
      if (const auto found = statuses->second.find(status); found != statuses->second.end())
        count += found->second;
  return count;
}

}  // namespace

Coverage MeasureCoverage(const std::vector<journal::Journal::Totals>& worlds,
                         const std::vector<std::string>& operations) {
  Coverage coverage;
  for (const api::Operation& operation : api::Operations()) {
    if (!operations.empty() &&
        std::find(operations.begin(), operations.end(), operation.name) == operations.end())
      continue;
    auto& outcomes =
        coverage.operations.emplace_back(Coverage::OperationCoverage{operation.name, {}}).outcomes;
    for (const int status : operation.Statuses()) {
      const uint64_t count = CountOutcome(worlds, operation.name, status);
      outcomes.push_back({status, count});
      ++coverage.documented;
      if (count > 0) ++coverage.covered;
    }
  }
  return coverage;
}

nlohmann::ordered_json RenderCoverage(const Coverage& coverage) {
  using nlohmann::ordered_json;
  ordered_json operations = ordered_json::array();
  for (const auto& operation : coverage.operations) {
    ordered_json outcomes = ordered_json::array();
    for (const auto& outcome : operation.outcomes)
      outcomes.push_back({{"status", outcome.status}, {"count", outcome.count}});
    operations.push_back({{"operation", operation.name}, {"outcomes", std::move(outcomes)}});
  }
  return {{"documented", coverage.documented},
          {"covered", coverage.covered},
          {"percent", coverage.percent()},
          {"operations", std::move(operations)}};
}

}  // namespace emulator::diagnosis
