// Calls that check what clients did: verifications, retries, coverage.
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

constexpr uint64_t kDefaultTimeout = 5000, kMaxTimeout = 600'000;  // ms

std::vector<diagnosis::VerificationResult> EvaluateAll(
    const std::vector<diagnosis::Verification>& verifications, const journal::Journal& journal) {
  const std::vector<std::vector<journal::RecordedEntry>> journals{journal.Read()};
  std::vector<diagnosis::VerificationResult> results;
  for (const diagnosis::Verification& verification : verifications)
    results.push_back(diagnosis::Evaluate(verification, journals));
  return results;
}

// 409 if a claim does not hold. Most HTTP clients throw on it, so that a test fails even if it does
// not check "passed".
http::Response Describe(const std::vector<diagnosis::VerificationResult>& results) {
  ordered_json body;
  std::string message;
  for (const diagnosis::VerificationResult& result : results)
    if (!result.passed) message.append(message.empty() ? "" : " ").append(result.sentence);
  if (!message.empty())
    body["error"] = {{"code", api::control_errors::kVerificationUnmet.code}, {"message", message}};
  body["passed"] = message.empty();
  body["results"] = ordered_json::array();
  for (const diagnosis::VerificationResult& result : results)
    body["results"].push_back(diagnosis::RenderVerificationResult(result));
  return JsonResponse(body, message.empty() ? 200 : api::control_errors::kVerificationUnmet.status);
}

// The state of a call that waits. Each entry is evaluated once.
struct Wait {
  std::shared_ptr<journal::Journal> journal;
  std::vector<diagnosis::Verification> verifications;
  std::vector<diagnosis::ClaimEvaluator> evaluators;
  RealTime until;
  uint64_t last = 0;  // the id of the last entry that was evaluated

  // Evaluates new entries. True: all claims hold, or one can never hold.
  bool IsDecided() {
    for (const journal::RecordedEntry& recorded : journal->Read(last)) {
      for (diagnosis::ClaimEvaluator& evaluator : evaluators) evaluator.Observe(recorded.entry);
      last = recorded.entry.id;
    }
    const auto has_passed = [](const diagnosis::ClaimEvaluator& evaluator) {
      return evaluator.Holds();
    };
    const auto has_failed = [](const diagnosis::ClaimEvaluator& evaluator) {
      return !evaluator.CanStillHold();
    };
    return std::all_of(evaluators.begin(), evaluators.end(), has_passed) ||
           std::any_of(evaluators.begin(), evaluators.end(), has_failed);
  }
};

http::Response Poll(const std::shared_ptr<Wait>& wait) {
  auto waker = std::make_shared<http::Waker>();
  wait->journal->NotifyOnAppend(waker);
  if (wait->journal->IsClosed()) return api::Refuse(api::control_errors::kWorldReset);
  if (wait->IsDecided() || RealNow() >= wait->until)
    return Describe(EvaluateAll(wait->verifications, *wait->journal));
  return {.pending = std::make_shared<http::PendingResponse>(http::PendingResponse{
              .waker = std::move(waker), .until = wait->until, .retry = [wait] {
                return Poll(wait);
              }})};
}

}  // namespace

http::Response Verify(const ControlCall& call) {
  std::vector<SchemaViolation> violations;
  const auto verifications = diagnosis::ReadVerifications(call.body, violations);
  if (!violations.empty()) return InvalidBodyResponse(violations);
  return Describe(EvaluateAll(verifications, *call.world.journal));
}

http::Response AwaitVerification(const ControlCall& call) {
  std::vector<SchemaViolation> violations;
  auto verifications = diagnosis::ReadVerifications(call.body, violations);
  if (!violations.empty()) return InvalidBodyResponse(violations);
  uint64_t timeout = kDefaultTimeout;
  if (const auto* text = call.query.Find("timeoutMs")) {
    const auto number = ParseWholeNumber(*text, 1, kMaxTimeout);
    if (!number)
      return InvalidQueryResponse("timeoutMs", *text,
                                  "a whole number of milliseconds from 1 to 600000");
    timeout = *number;
  }
  std::vector<diagnosis::ClaimEvaluator> evaluators(verifications.begin(), verifications.end());
  return Poll(std::make_shared<Wait>(
      Wait{.journal = call.world.journal,
           .verifications = std::move(verifications),
           .evaluators = std::move(evaluators),
           .until = call.request.arrived + std::chrono::milliseconds(timeout)}));
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
  return JsonResponse(
      diagnosis::RenderCoverage(diagnosis::MeasureCoverage({call.world.journal->Count()})));
}

}  // namespace emulator::control
