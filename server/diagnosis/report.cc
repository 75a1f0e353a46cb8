#include "diagnosis/report.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/suggestions.h"
#include "base/text.h"
#include "diagnosis/contract_warnings.h"

namespace emulator::diagnosis {

namespace {

// "a 1, b 2"
std::string Counts(const std::map<std::string, uint64_t>& counts) {
  std::string list;
  for (const auto& [word, count] : counts)
    list.append(list.empty() ? "" : ", ").append(word).append(" ").append(std::to_string(count));
  return list;
}

// "get-export-connection 403, 404; delete-export-connection"
std::string Missed(const Coverage& coverage) {
  std::string list;
  for (const auto& operation : coverage.operations) {
    std::vector<std::string> statuses;
    for (const auto& outcome : operation.outcomes)
      if (outcome.met == 0) statuses.push_back(std::to_string(outcome.status));
    if (statuses.empty()) continue;
    list.append(list.empty() ? "" : "; ").append(operation.name);
    if (statuses.size() < operation.outcomes.size()) list += " " + Join(statuses);
  }
  return list;
}

}  // namespace

Report::Report(const std::vector<std::shared_ptr<journal::Journal>>& journals,
               const std::vector<Verification>& verifications,
               const std::vector<std::string>& covered) {
  std::vector<journal::Journal::Totals> totals;
  std::vector<std::vector<journal::RecordedEntry>> entries;
  for (const auto& journal : journals) {
    const journal::Journal::Totals of = journal->Count();
    worlds_ += of.requests > 0 ? 1 : 0;
    requests_ += of.requests;
    dropped_ += of.dropped;
    for (const auto& [reason, count] : of.reasons) reasons_[reason] += count;
    totals.push_back(of);
    entries.push_back(journal->Read());
  }
  coverage_ = Cover(totals, covered);
  for (const auto& of_one : entries) {
    for (const journal::RecordedEntry& kept : of_one) {
      bool breaks_contract = false;
      for (const ContractWarning& note : FindContractWarnings(kept.entry)) {
        ++notes_[std::string(note.code)];
        breaks_contract |= note.outside_contract;
      }
      // Who was refused for it was told.
      const bool was_told = kept.entry.gate == Name(api::Gate::kContent);
      outside_contract_ += breaks_contract && !was_told ? 1 : 0;
      violations_ += journal::LinesOf(kept.entry.violations).size();
    }
    for (const Retry& retry : FindRetries(of_one))
      ++(retry.came_back == Retry::Return::kEarly    ? early_
         : retry.came_back == Retry::Return::kOnTime ? on_time_
                                                     : never_);
  }
  for (const Verification& verification : verifications)
    judgements_.push_back(Evaluate(verification, entries));
}

bool Report::IsUnmet() const {
  return std::any_of(judgements_.begin(), judgements_.end(),
                     [](const VerificationResult& judgement) { return !judgement.is_met; });
}

std::string Report::Text() const {
  std::string text = "export-emulator: requests " + std::to_string(requests_) + ", Worlds " +
                     std::to_string(worlds_) + "\n";
  const auto add = [&](const char* name, const std::string& value) {
    if (!value.empty()) text.append("  ").append(name).append(": ").append(value).append("\n");
  };
  add("refused", Counts(reasons_));
  std::string coverage = std::to_string(coverage_.met) + " of " +
                         std::to_string(coverage_.documented) + " documented outcomes (" +
                         std::to_string(coverage_.percent()) + " %)";
  if (const std::string missed = Missed(coverage_); !missed.empty())
    coverage += "; not met: " + missed;
  add("coverage", coverage);
  add("contract warnings", Counts(notes_));
  if (outside_contract_ > 0)
    add("outside the contract", "requests " + std::to_string(outside_contract_));
  if (violations_ > 0)
    add("THE EMULATOR BREAKS THE CONTRACT", std::to_string(violations_) + "; its log tells more");
  if (early_ + on_time_ + never_ > 0)
    add("retries", Counts({{"early", early_}, {"never", never_}, {"on time", on_time_}}));
  if (dropped_ > 0)
    add("dropped", std::to_string(dropped_) +
                       " requests, which notes, retries and verifications do not know of; "
                       "--journal-bytes makes room");
  for (const VerificationResult& judgement : judgements_)
    add(judgement.is_met ? "verified" : "NOT SO",
        judgement.is_met ? judgement.definition : judgement.sentence + " " + judgement.definition);
  return text;
}

std::string Report::Json(int exit_code) const {
  nlohmann::ordered_json report{
      {"exitCode", exit_code},
      {"requests", requests_},
      {"worlds", worlds_},
      {"dropped", dropped_},
      {"refused", reasons_},
      {"contractWarnings", notes_},
      {"outsideContract", outside_contract_},
      {"violations", violations_},
      {"retries", {{"early", early_}, {"onTime", on_time_}, {"never", never_}}},
      {"coverage", RenderCoverage(coverage_)}};
  report["results"] = nlohmann::ordered_json::array();
  for (const VerificationResult& judgement : judgements_)
    report["results"].push_back(judgement.report());
  return report.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

}  // namespace emulator::diagnosis
