// The verdicts: verifications, at once or awaited, how clients retried, which outcomes they met.
#include <algorithm>
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

std::vector<Judgement> JudgeAll(const std::vector<Verification>& verifications,
                                const Journal& journal) {
  const std::vector<std::vector<KeptEntry>> journals{journal.Read()};
  std::vector<Judgement> judgements;
  for (const Verification& verification : verifications)
    judgements.push_back(Judge(verification, journals));
  return judgements;
}

// A status that makes most clients throw: a test that forgets to look at "met" fails all the same.
Response Tell(const std::vector<Judgement>& judgements) {
  ordered_json body;
  std::string unmet;
  for (const Judgement& judgement : judgements)
    if (!judgement.is_met) unmet.append(unmet.empty() ? "" : " ").append(judgement.sentence);
  if (!unmet.empty())
    body["error"] = {{"code", control_errors::kVerificationUnmet.code}, {"message", unmet}};
  body["met"] = unmet.empty();
  body["verdicts"] = ordered_json::array();
  for (const Judgement& judgement : judgements) body["verdicts"].push_back(judgement.report());
  return AnswerJson(body, unmet.empty() ? 200 : control_errors::kVerificationUnmet.status);
}

// A call that waits; each entry is looked at once.
struct Waiting {
  std::shared_ptr<Journal> journal;
  std::vector<Verification> verifications;
  std::vector<Jury> juries;
  RealTime until;
  uint64_t last = 0;  // the id of the last entry that was heard

  // No longer wait is of use.
  bool Hear() {
    for (const KeptEntry& kept : journal->Read(last)) {
      for (Jury& jury : juries) jury.Hear(kept.entry);
      last = kept.entry.id;
    }
    const auto is_met = [](const Jury& jury) { return jury.IsMet(); };
    const auto is_lost = [](const Jury& jury) { return !jury.CanBeMet(); };
    return std::all_of(juries.begin(), juries.end(), is_met) ||
           std::any_of(juries.begin(), juries.end(), is_lost);
  }
};

Response Look(const std::shared_ptr<Waiting>& waiting) {
  auto bell = std::make_shared<Bell>();
  waiting->journal->RingAtNews(bell);
  if (waiting->journal->IsClosed()) return Refuse(control_errors::kWorldReset);
  if (waiting->Hear() || RealNow() >= waiting->until)
    return Tell(JudgeAll(waiting->verifications, *waiting->journal));
  return {.sequel = std::make_shared<Sequel>(Sequel{.bell = std::move(bell),
                                                    .until = waiting->until,
                                                    .again = [waiting] { return Look(waiting); }})};
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
  auto verifications = ReadVerifications(call.body, defects);
  if (!defects.empty()) return AnswerDefects(defects);
  uint64_t patience = kUsualWait;
  if (const auto* text = call.query.Find("timeoutMs")) {
    const auto number = WholeNumber(*text, 1, kLongestWait);
    if (!number)
      return AnswerQueryDefect("timeoutMs", *text,
                               "a whole number of milliseconds from 1 to 600000");
    patience = *number;
  }
  std::vector<Jury> juries(verifications.begin(), verifications.end());
  return Look(std::make_shared<Waiting>(
      Waiting{.journal = call.world.journal,
              .verifications = std::move(verifications),
              .juries = std::move(juries),
              .until = call.request.arrived + std::chrono::milliseconds(patience)}));
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
  return AnswerJson(RenderCoverage(Cover({call.world.journal->Count()})));
}

}  // namespace emulator
