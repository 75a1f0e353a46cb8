// Planned faults as JSON: reads a plan into a world::Fault, and renders it with its counts. The
// schema of a fault has validated the plan; this checks only what a schema cannot express.
// Threads: pure functions.
#pragma once

#include <nlohmann/json.hpp>
#include <stdexcept>
#include <vector>

#include "base/json_schema.h"
#include "world/faults.h"

namespace emulator::control {

// The errors of a plan that fits its schema.
class FaultPlanError : public std::runtime_error {
 public:
  // REQUIRES: at least one.
  explicit FaultPlanError(std::vector<SchemaViolation> violations);
  const std::vector<SchemaViolation>& violations() const { return violations_; }

 private:
  std::vector<SchemaViolation> violations_;
};

// REQUIRES: fits the schema of a fault. Throws FaultPlanError with all errors.
world::Fault ReadFault(const nlohmann::json& plan);

// {"id", "match"?, "when"?, "then", "matched", "applied"}: the plan as sent, except for the order
// of its members, and its counts.
nlohmann::ordered_json RenderFault(const world::FaultReport& report);

}  // namespace emulator::control
