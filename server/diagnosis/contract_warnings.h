// Contract warnings: what the vendor's page requires or advises and a request did not follow.
// A warning does not change the answer.
// Threads: pure functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "api/reasons.h"
#include "journal/journal_entry.h"

namespace emulator::diagnosis {

struct ContractWarning {
  std::string_view code;  // "accept-missing"
  std::string sentence;
  api::Citation citation;
  bool outside_contract;  // false: the page only advises otherwise
};
// In the order of ContractWarningCodes(). Bodies that the journal did not keep as a whole are not
// checked.
std::vector<ContractWarning> FindContractWarnings(const journal::JournalEntry& entry);
// accept-missing, accept-other, scope-older, query-unknown, query-missing, query-invalid,
// body-ignored, body-missing, body-invalid, body-member-unknown, content-type-other
std::vector<std::string> ContractWarningCodes();

}  // namespace emulator::diagnosis
