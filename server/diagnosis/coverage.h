// Which of the outcomes that the operations' pages document the clients have met. An outcome is a
// status of an operation, of its successes and its refusals.
// Threads: pure.
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
    uint64_t met;  // how often
  };
  struct OfOperation {
    std::string_view name;
    std::vector<Outcome> outcomes;
  };
  std::vector<OfOperation> operations;
  uint64_t documented = 0;
  uint64_t met = 0;

  uint64_t percent() const { return met * 100 / documented; }  // rounded down
};

// Of all these WorldRegistry together. `operations`: the names of those that count; empty: all do.
Coverage Cover(const std::vector<journal::Journal::Totals>& worlds,
               const std::vector<std::string>& operations = {});

nlohmann::ordered_json RenderCoverage(const Coverage& coverage);

}  // namespace emulator::diagnosis
