#include "diagnosis/report.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/suggestions.h"
#include "base/text.h"
#include "diagnosis/contract_warnings.h"

namespace emulator::diagnosis {

namespace {

// "a 1, b 2"
std::string ListCounts(const std::map<std::string, uint64_t>& counts) {
  std::vector<std::string> parts;
  for (const auto& [name, count] : counts) parts.push_back(name + " " + std::to_string(count));
  return Join(parts);
}

// "get-export-connection 403, 404; delete-export-connection"
std::string ListUncovered(const Coverage& coverage) {
  std::vector<std::string> parts;
  for (const auto& operation : coverage.operations) {
    std::vector<std::string> statuses;
    for (const auto& outcome : operation.outcomes)
      if (outcome.count == 0) statuses.push_back(std::to_string(outcome.status));
    if (statuses.empty()) continue;
    std::string part(operation.name);
    if (statuses.size() < operation.outcomes.size()) part += " " + Join(statuses);
    parts.push_back(std::move(part));
  }
  return Join(parts, "; ");
}

}  // namespace

Report::Report(const std::vector<std::shared_ptr<journal::Journal>>& journals,
               const std::vector<Verification>& verifications,
               const std::vector<std::string>& operations) {
  std::vector<journal::Journal::Totals> totals;
  std::vector<std::vector<journal::RecordedEntry>> worlds;
  for (const auto& journal : journals) {
    const journal::Journal::Totals& world = totals.emplace_back(journal->Count());
    worlds_ += world.requests > 0 ? 1 : 0;
    requests_ += world.requests;
    dropped_ += world.dropped;
    for (const auto& [reason, count] : world.reasons) reasons_[reason] += count;
    worlds.push_back(journal->Read());
  }
  coverage_ = MeasureCoverage(totals, operations);
  for (const auto& entries : worlds) {
    for (const auto& [_, entry] : entries) {
      bool is_outside = false;
      for (const ContractWarning& warning : FindContractWarnings(entry)) {
        ++contract_warnings_[std::string(warning.code)];
        is_outside |= warning.outside_contract;
      }
      // The gate content refuses requests for being outside the contract.
      if (is_outside && entry.gate != Name(api::Gate::kContent)) ++outside_contract_;
      violations_ += journal::LinesOf(entry.violations).size();
    }
    for (const Retry& retry : FindRetries(entries))
      ++(retry.timing == Retry::Timing::kEarly    ? early_retries_
         : retry.timing == Retry::Timing::kOnTime ? on_time_retries_
                                                  : missing_retries_);
  }
  for (const Verification& verification : verifications)
    results_.push_back(Evaluate(verification, worlds));
}

bool Report::IsUnmet() const {
  return std::any_of(results_.begin(), results_.end(),
                     [](const VerificationResult& result) { return !result.passed; });
}

std::string Report::Text() const {
  std::string text = "export-emulator: requests " + std::to_string(requests_) + ", worlds " +
                     std::to_string(worlds_) + "\n";
  const auto add = [&](const char* name, const std::string& value) {
    if (!value.empty()) text.append("  ").append(name).append(": ").append(value).append("\n");
  };
  add("refused", ListCounts(reasons_));
  std::string coverage = std::to_string(coverage_.covered) + " of " +
                         std::to_string(coverage_.documented) + " documented outcomes (" +
                         std::to_string(coverage_.percent()) + " %)";
  if (const std::string uncovered = ListUncovered(coverage_); !uncovered.empty())
    coverage += "; not covered: " + uncovered;
  add("coverage", coverage);
  add("contract warnings", ListCounts(contract_warnings_));
  if (outside_contract_ > 0)
    add("outside the contract", "requests " + std::to_string(outside_contract_));
  if (violations_ > 0)
    add("THE EMULATOR BREAKS THE CONTRACT",
        std::to_string(violations_) + "; see the emulator's log");
  if (early_retries_ + on_time_retries_ + missing_retries_ > 0)
    add("retries", ListCounts({{"early", early_retries_},
                               {"never", missing_retries_},
                               {"on time", on_time_retries_}}));
  if (dropped_ > 0)
    add("dropped",
        std::to_string(dropped_) +
            " requests, which contract warnings, retries and verifications do not include. Raise "
            "--journal-bytes to keep more.");
  for (const VerificationResult& result : results_)
    add(result.passed ? "verified" : "NOT VERIFIED",
        result.passed ? result.definition : result.sentence + " " + result.definition);
  return text;
}

std::string Report::Json(int exit_code) const {
  nlohmann::ordered_json report{
      {"exitCode", exit_code},
      {"requests", requests_},
      {"worlds", worlds_},
      {"dropped", dropped_},
      {"refused", reasons_},
      {"contractWarnings", contract_warnings_},
      {"outsideContract", outside_contract_},
      {"violations", violations_},
      {"retries",
       {{"early", early_retries_}, {"onTime", on_time_retries_}, {"never", missing_retries_}}},
      {"coverage", RenderCoverage(coverage_)}};
  report["results"] = nlohmann::ordered_json::array();
  for (const VerificationResult& result : results_)
    report["results"].push_back(RenderVerificationResult(result));
  return report.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

}  // namespace emulator::diagnosis
