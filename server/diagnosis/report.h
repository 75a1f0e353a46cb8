// The report that `exec` prints when its command has ended: what the clients did, in all worlds
// together.
// Threads: pure functions; the constructor reads the journals.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "diagnosis/coverage.h"
#include "diagnosis/retries.h"
#include "diagnosis/verification.h"
#include "journal/journal.h"

namespace emulator::diagnosis {

class Report {
 public:
  // Counts all requests of these journals. Contract warnings, retries and verifications cover only
  // the entries that the journals still hold. `operations`: those whose coverage to report; empty:
  // all.
  Report(const std::vector<std::shared_ptr<journal::Journal>>& journals,
         const std::vector<Verification>& verifications,
         const std::vector<std::string>& operations = {});

  bool IsUnmet() const;  // a verification failed
  uint64_t early_retries() const { return early_retries_; }
  // Requests outside the contract that were not refused for it.
  uint64_t outside_contract() const { return outside_contract_; }
  // Answers of the emulator that break the contract, as --self-check found.
  uint64_t violations() const { return violations_; }
  uint64_t coverage_percent() const { return coverage_.percent(); }

  std::string Text() const;  // lines for a terminal
  // `exit_code`: of the command itself.
  std::string Json(int exit_code) const;

 private:
  uint64_t worlds_ = 0;  // with at least one request
  uint64_t requests_ = 0;
  uint64_t dropped_ = 0;
  std::map<std::string, uint64_t> reasons_;
  std::map<std::string, uint64_t> contract_warnings_;
  uint64_t outside_contract_ = 0;
  uint64_t violations_ = 0;
  Coverage coverage_;
  uint64_t early_retries_ = 0;
  uint64_t on_time_retries_ = 0;
  uint64_t missing_retries_ = 0;
  std::vector<VerificationResult> results_;
};

}  // namespace emulator::diagnosis
