// The verdicts: verifications, at once or awaited, how clients retried, which outcomes they met.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "api/errors.h"
#include "base/text.h"
#include "control/calls.h"
#include "control/responses.h"
#include "diagnosis/coverage.h"
#include "diagnosis/retries.h"
#include "diagnosis/verification.h"

namespace emulator::control {

namespace {

using nlohmann::ordered_json;

constexpr uint64_t kUsualWait = 5000, kLongestWait = 600'000;  // ms

std::vector<diagnosis::VerificationResult> JudgeAll(
    const std::vector<diagnosis::Verification>& verifications, const journal::Journal& journal) {
  const std::vector<std::vector<journal::RecordedEntry>> journals{journal.Read()};
  std::vector<diagnosis::VerificationResult> judgements;
  for (const diagnosis::Verification& verification : verifications)
    judgements.push_back(diagnosis::Evaluate(verification, journals));
  return judgements;
}

// A status that makes most clients throw: a test that forgets to look at "passed" fails all the
// same.
http::Response Describe(const std::vector<diagnosis::VerificationResult>& judgements) {
  ordered_json body;
  std::string unmet;
  for (const diagnosis::VerificationResult& judgement : judgements)
    if (!judgement.is_met) unmet.append(unmet.empty() ? "" : " ").append(judgement.sentence);
  if (!unmet.empty())
    body["error"] = {{"code", api::control_errors::kVerificationUnmet.code}, {"message", unmet}};
  body["passed"] = unmet.empty();
  body["results"] = ordered_json::array();
  for (const diagnosis::VerificationResult& judgement : judgements)
    body["results"].push_back(judgement.report());
  return JsonResponse(body, unmet.empty() ? 200 : api::control_errors::kVerificationUnmet.status);
}

// A call that waits; each entry is looked at once.
struct Waiting {
  std::shared_ptr<journal::Journal> journal;
  std::vector<diagnosis::Verification> verifications;
  std::vector<diagnosis::ClaimEvaluator> juries;
  RealTime until;
  uint64_t last = 0;  // the id of the last entry that was heard

  // No longer wait is of use.
  bool Observe() {
    for (const journal::RecordedEntry& kept : journal->Read(last)) {
      for (diagnosis::ClaimEvaluator& evaluator : juries) evaluator.Observe(kept.entry);
      last = kept.entry.id;
    }
    const auto is_met = [](const diagnosis::ClaimEvaluator& evaluator) {
      return evaluator.IsMet();
    };
    const auto is_lost = [](const diagnosis::ClaimEvaluator& evaluator) {
      return !evaluator.CanBeMet();
    };
    return std::all_of(juries.begin(), juries.end(), is_met) ||
           std::any_of(juries.begin(), juries.end(), is_lost);
  }
};

http::Response TakeSnapshot(const std::shared_ptr<Waiting>& waiting) {
  auto waker = std::make_shared<http::Waker>();
  waiting->journal->NotifyOnAppend(waker);
  if (waiting->journal->IsClosed()) return api::Refuse(api::control_errors::kWorldReset);
  if (waiting->Observe() || RealNow() >= waiting->until)
    return Describe(JudgeAll(waiting->verifications, *waiting->journal));
  return {.pending = std::make_shared<http::PendingResponse>(http::PendingResponse{
              .waker = std::move(waker), .until = waiting->until, .retry = [waiting] {
                return TakeSnapshot(waiting);
              }})};
}

}  // namespace

http::Response Verify(const ControlCall& call) {
  std::vector<SchemaViolation> defects;
  const auto verifications = diagnosis::ReadVerifications(call.body, defects);
  if (!defects.empty()) return InvalidBodyResponse(defects);
  return Describe(JudgeAll(verifications, *call.world.journal));
}

http::Response AwaitVerification(const ControlCall& call) {
  std::vector<SchemaViolation> defects;
  auto verifications = diagnosis::ReadVerifications(call.body, defects);
  if (!defects.empty()) return InvalidBodyResponse(defects);
  uint64_t patience = kUsualWait;
  if (const auto* text = call.query.Find("timeoutMs")) {
    const auto number = ParseWholeNumber(*text, 1, kLongestWait);
    if (!number)
      return InvalidQueryResponse("timeoutMs", *text,
                                  "a whole number of milliseconds from 1 to 600000");
    patience = *number;
  }
  std::vector<diagnosis::ClaimEvaluator> juries(verifications.begin(), verifications.end());
  return TakeSnapshot(std::make_shared<Waiting>(
      Waiting{.journal = call.world.journal,
              .verifications = std::move(verifications),
              .juries = std::move(juries),
              .until = call.request.arrived + std::chrono::milliseconds(patience)}));
}

http::Response GetRetries(const ControlCall& call) {
  const auto entries = call.world.journal->Read();
  const auto retries = diagnosis::FindRetries(entries);
  ordered_json clients = ordered_json::array();
  std::map<std::string_view, ordered_json> by_client;
  for (const diagnosis::Retry& retry : retries) {
    auto& items = by_client[retry.refused->client];
    if (items.is_null()) items = ordered_json::array();
    items.push_back(diagnosis::RenderRetry(retry));
  }
  for (auto& [client, items] : by_client) {
    ordered_json item;
    if (!client.empty()) item["client"] = client;
    item["refusals"] = std::move(items);
    clients.push_back(std::move(item));
  }
  return JsonResponse({{"clients", std::move(clients)}});
}

http::Response GetCoverage(const ControlCall& call) {
  return JsonResponse(diagnosis::RenderCoverage(diagnosis::Cover({call.world.journal->Count()})));
}

}  // namespace emulator::control
