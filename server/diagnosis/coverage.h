// Coverage: which outcomes that the operations' pages document the clients received. An outcome is
// a status of an operation; successes and refusals count alike.
// Threads: pure functions.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "journal/journal.h"

namespace emulator::diagnosis {

struct Coverage {
  struct Outcome {
    int status;
    uint64_t count;  // how often clients received it
  };
  struct OperationCoverage {
    std::string_view name;
    std::vector<Outcome> outcomes;
  };
  std::vector<OperationCoverage> operations;
  uint64_t documented = 0;
  uint64_t covered = 0;

  uint64_t percent() const { return covered * 100 / documented; }  // rounded down
};

// Of all these worlds together. `operations`: the names of those to include; empty: all.
Coverage MeasureCoverage(const std::vector<journal::Journal::Totals>& worlds,
                         const std::vector<std::string>& operations = {});

nlohmann::ordered_json RenderCoverage(const Coverage& coverage);

}  // namespace emulator::diagnosis
