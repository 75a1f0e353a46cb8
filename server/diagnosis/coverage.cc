#include "diagnosis/coverage.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "api/operations.h"

namespace emulator::diagnosis {

namespace {

uint64_t HowOften(const std::vector<journal::Journal::Totals>& worlds, std::string_view operation,
                  int status) {
  uint64_t times = 0;
  for (const journal::Journal::Totals& totals : worlds)
    if (const auto of = totals.outcomes.find(operation); of != totals.outcomes.end())
      if (const auto found = of->second.find(status); found != of->second.end())
        times += found->second;
  return times;
}

}  // namespace

Coverage Cover(const std::vector<journal::Journal::Totals>& worlds,
               const std::vector<std::string>& operations) {
  Coverage coverage;
  for (const api::Operation& operation : api::Operations()) {
    if (!operations.empty() &&
        std::find(operations.begin(), operations.end(), operation.name) == operations.end())
      continue;
    auto& of = coverage.operations.emplace_back(Coverage::OfOperation{operation.name, {}});
    for (const int status : operation.Statuses()) {
      const uint64_t times = HowOften(worlds, operation.name, status);
      of.outcomes.push_back({status, times});
      ++coverage.documented;
      if (times > 0) ++coverage.met;
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
      outcomes.push_back({{"status", outcome.status}, {"count", outcome.met}});
    operations.push_back({{"operation", operation.name}, {"outcomes", std::move(outcomes)}});
  }
  return {{"documented", coverage.documented},
          {"covered", coverage.met},
          {"percent", coverage.percent()},
          {"operations", std::move(operations)}};
}

}  // namespace emulator::diagnosis
