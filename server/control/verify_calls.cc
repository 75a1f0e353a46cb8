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

struct Verdicts {
  std::vector<Verdict> all;
  bool are_met = true;
  bool are_final = true;  // no later entry changes them
};

Verdicts JudgeAll(const std::vector<Verification>& verifications, const Journal& journal) {
  const std::vector<std::vector<KeptEntry>> journals{journal.Read()};
  Verdicts verdicts;
  for (const Verification& verification : verifications) {
    verdicts.all.push_back(Judge(verification, journals));
    const Verdict& verdict = verdicts.all.back();
    verdicts.are_met = verdicts.are_met && verdict.is_met;
    // One that can never be met decides.
    verdicts.are_final = verdict.is_final;
    if (!verdict.is_met && verdict.is_final) return verdicts;
  }
  verdicts.are_final = verdicts.are_met;
  return verdicts;
}

// A status that makes most clients throw: a test that forgets to look at "met" fails all the same.
Response Tell(const Verdicts& verdicts) {
  ordered_json body;
  if (!verdicts.are_met) {
    std::string message;
    for (const Verdict& verdict : verdicts.all)
      if (!verdict.is_met) message.append(message.empty() ? "" : " ").append(verdict.sentence);
    body["error"] = {{"code", control_errors::kVerificationUnmet.code}, {"message", message}};
  }
  body["met"] = verdicts.are_met;
  body["verdicts"] = ordered_json::array();
  for (const Verdict& verdict : verdicts.all) body["verdicts"].push_back(verdict.report());
  return AnswerJson(body, verdicts.are_met ? 200 : control_errors::kVerificationUnmet.status);
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
  const Verdicts verdicts = JudgeAll(verifications, journal);
  if (verdicts.are_final || RealNow() >= until) return Tell(verdicts);
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
