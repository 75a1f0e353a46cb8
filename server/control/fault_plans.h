// Planned faults as people write them: JSON to a Fault and back. The shape is judged before, by the
// schema of a fault; here only what a schema cannot say. HTTP does not come in here.
// Threads: functions of their arguments.
#pragma once

#include <nlohmann/json.hpp>
#include <stdexcept>
#include <vector>

#include "base/json_schema.h"
#include "world/faults.h"

namespace emulator::control {

// What is wrong with a fault that fits its schema.
class FaultPlanError : public std::runtime_error {
 public:
  // REQUIRES: at least one.
  explicit FaultPlanError(std::vector<SchemaViolation> defects);
  const std::vector<SchemaViolation>& defects() const { return defects_; }

 private:
  std::vector<SchemaViolation> defects_;
};

// REQUIRES: fits the schema of a fault. Throws FaultPlanError with all that is wrong.
world::Fault ReadFault(const nlohmann::json& plan);

// {"id", "match"?, "when"?, "then", "matched", "applied"}: the plan as it was sent (but for the
// order of members), and its counts.
nlohmann::ordered_json RenderFault(const world::FaultReport& report);

}  // namespace emulator::control
