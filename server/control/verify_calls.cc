// The verdicts: verifications, at once or awaited, how clients retried, which outcomes they met.
#include <nlohmann/json.hpp>

#include "api/coverage.h"
#include "api/errors.h"
#include "control/answers.h"
#include "control/calls.h"
#include "control/retries.h"
#include "control/verification.h"

namespace emulator {

namespace {

using nlohmann::ordered_json;

constexpr uint64_t kUsualWait = 5000, kLongestWait = 600'000;  // ms

struct Judgements {
  std::vector<Judgement> all;
  bool are_met = true;
  bool are_final = true;  // all are met, or one can never be
};

Judgements JudgeAll(const std::vector<Verification>& verifications, const Journal& journal) {
  const std::vector<std::vector<KeptEntry>> journals{journal.Read()};
  Judgements judgements;
  for (const Verification& verification : verifications) {
    judgements.all.push_back(Judge(verification, journals));
    const Judgement& judgement = judgements.all.back();
    judgements.are_met = judgements.are_met && judgement.is_met;
    // One that can never be met decides.
    judgements.are_final = judgement.is_final;
    if (!judgement.is_met && judgement.is_final) return judgements;
  }
  judgements.are_final = judgements.are_met;
  return judgements;
}

// A status that makes most clients throw: a test that forgets to look at "met" fails all the same.
Response Tell(const Judgements& judgements) {
  ordered_json body;
  if (!judgements.are_met) {
    std::string message;
    for (const Judgement& judgement : judgements.all)
      if (!judgement.is_met) message.append(message.empty() ? "" : " ").append(judgement.sentence);
    body["error"] = {{"code", control_errors::kVerificationUnmet.code}, {"message", message}};
  }
  body["met"] = judgements.are_met;
  body["verdicts"] = ordered_json::array();
  for (const Judgement& judgement : judgements.all) body["verdicts"].push_back(judgement.report());
  return AnswerJson(body, judgements.are_met ? 200 : control_errors::kVerificationUnmet.status);
}

}  // namespace

Response Verify(const ControlCall& call) {
  std::vector<JsonDefect> defects;
  const auto verifications = ReadVerifications(call.body, defects);
  if (!defects.empty()) return AnswerDefects(defects);
  return Tell(JudgeAll(verifications, *call.world.journal));
}

Response AwaitVerification(const ControlCall& call) {
  std::vector<JsonDefect> defects;
  const auto verifications = ReadVerifications(call.body, defects);
  if (!defects.empty()) return AnswerDefects(defects);
  uint64_t wait = kUsualWait;
  if (const auto* text = call.query.Find("timeoutMs")) {
    const auto number = WholeNumber(*text, 1, kLongestWait);
    if (!number)
      return AnswerQueryDefect("timeoutMs", *text,
                               "a whole number of milliseconds from 1 to 600000");
    wait = *number;
  }

  const RealTime until = call.request.arrived + std::chrono::milliseconds(wait);
  const Journal& journal = *call.world.journal;
  auto bell = std::make_shared<Bell>();
  call.world.journal->RingAtNews(bell);
  if (journal.IsClosed()) return Refuse(control_errors::kWorldReset);
  const Judgements judgements = JudgeAll(verifications, journal);
  if (judgements.are_final || RealNow() >= until) return Tell(judgements);
  Response later;
  later.sequel = std::make_shared<Sequel>();
  later.sequel->bell = std::move(bell);
  later.sequel->until = until;
  return later;
}

Response TellRetries(const ControlCall& call) {
  const auto entries = call.world.journal->Read();
  const auto retries = FindRetries(entries);
  ordered_json clients = ordered_json::array();
  std::map<std::string_view, ordered_json> by_client;
  for (const Retry& retry : retries) {
    auto& items = by_client[retry.refused->client];
    if (items.is_null()) items = ordered_json::array();
    items.push_back(RenderRetry(retry));
  }
  for (auto& [client, items] : by_client) {
    ordered_json item;
    if (!client.empty()) item["client"] = client;
    item["refusals"] = std::move(items);
    clients.push_back(std::move(item));
  }
  return AnswerJson({{"clients", std::move(clients)}});
}

Response TellCoverage(const ControlCall& call) {
  const Coverage coverage = Cover({call.world.journal->Count()});
  ordered_json operations = ordered_json::array();
  for (const auto& operation : coverage.operations) {
    ordered_json outcomes = ordered_json::array();
    for (const auto& outcome : operation.outcomes)
      outcomes.push_back({{"status", outcome.status}, {"met", outcome.met}});
    operations.push_back({{"operation", operation.name}, {"outcomes", std::move(outcomes)}});
  }
  return AnswerJson({{"documented", coverage.documented},
                     {"met", coverage.met},
                     {"percent", coverage.percent()},
                     {"operations", std::move(operations)}});
}

}  // namespace emulator
