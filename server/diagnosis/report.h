// What `exec` tells when its command has ended: what the clients did, in all WorldRegistry
// together. Threads: pure, but that it reads journals.
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
  // Of all requests of these journals; notes, retries and verifications of those that are kept.
  // `covered`: the operations whose coverage it tells; empty: all.
  Report(const std::vector<std::shared_ptr<journal::Journal>>& journals,
         const std::vector<Verification>& verifications,
         const std::vector<std::string>& covered = {});

  bool IsUnmet() const;  // one of the verifications
  uint64_t early_retries() const { return early_; }
  // Requests with a note that is more than advice, but for those that were refused for it.
  uint64_t outside_contract() const { return outside_contract_; }
  // What --self-check found: answers of the emulator's own that break the contract.
  uint64_t violations() const { return violations_; }
  uint64_t coverage_percent() const { return coverage_.percent(); }

  std::string Text() const;  // lines for a terminal
  // `exit_code`: the command's own.
  std::string Json(int exit_code) const;

 private:
  uint64_t worlds_ = 0;  // those that had a request
  uint64_t requests_ = 0;
  uint64_t dropped_ = 0;
  std::map<std::string, uint64_t> reasons_;
  std::map<std::string, uint64_t> notes_;
  uint64_t outside_contract_ = 0;
  uint64_t violations_ = 0;
  Coverage coverage_;
  uint64_t early_ = 0;
  uint64_t on_time_ = 0;
  uint64_t never_ = 0;
  std::vector<VerificationResult> judgements_;
};

}  // namespace emulator::diagnosis
