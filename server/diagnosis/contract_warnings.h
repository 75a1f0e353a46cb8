// What a client does otherwise than its contract asks, though the service lets it pass.
// Threads: pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "api/reasons.h"
#include "journal/journal_entry.h"

namespace emulator::diagnosis {

// Something that the page asks of a client and that the service lets pass.
struct ContractWarning {
  std::string_view code;  // "accept-missing"
  std::string sentence;
  api::Citation citation;
  bool outside_contract;  // false: it is advice
};
// In the order of the words below. Of a body that was not kept as a whole nothing is said.
std::vector<ContractWarning> FindContractWarnings(const journal::JournalEntry& entry);
// accept-missing, accept-other, scope-older, query-unknown, query-missing, query-invalid,
// body-ignored, body-missing, body-invalid, body-member-unknown, content-type-other
std::vector<std::string> ContractWarningCodes();

}  // namespace emulator::diagnosis
