#include "diagnosis/verification.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

#include "base/embedded.h"
#include "base/strict_json.h"
#include "diagnosis/retries.h"

namespace emulator::diagnosis {

namespace {

using nlohmann::json;
using nlohmann::ordered_json;

constexpr size_t kMostIds = 100;

CountClaim ReadCount(const json& body) {
  CountClaim claim{.match = ReadEntryMatch(body["match"])};
  if (!body.contains("count")) return claim;
  const json& count = body["count"];
  const bool only_most = count.contains("atMost") && !count.contains("atLeast");
  claim.at_least = count.value("atLeast", uint64_t{only_most ? 0u : 1u});
  claim.at_most = count.value("atMost", claim.at_most);
  if (count.contains("exactly")) claim.at_least = claim.at_most = count["exactly"].get<uint64_t>();
  return claim;
}

std::string Amount(uint64_t least, uint64_t most) {
  if (least == most) return std::to_string(least);
  if (most == std::numeric_limits<uint64_t>::max()) return "at least " + std::to_string(least);
  if (least == 0) return "at most " + std::to_string(most);
  return std::to_string(least) + " to " + std::to_string(most);
}

std::string Entries(uint64_t count) {
  return std::to_string(count) + (count == 1 ? " request fits" : " requests fit");
}

// The entry that differs in fewest members; of several the latest.
void FindNearest(const EntryMatch& match, std::span<const journal::JournalEntry* const> entries,
                 VerificationResult& judgement) {
  std::optional<std::vector<Difference>> least;
  for (const journal::JournalEntry* entry : entries) {
    auto differences = Differences(match, *entry);
    if (differences.empty() || (least && differences.size() > least->size())) continue;
    least = std::move(differences);
    judgement.nearest = entry->id;
  }
  if (least) judgement.differs = std::move(*least);
}

std::string DescribeNearest(const VerificationResult& judgement) {
  if (judgement.nearest == 0) return "";
  std::string text = " Nearest came request " + std::to_string(judgement.nearest) + ":";
  for (const Difference& difference : judgement.differs)
    text.append(&difference == &judgement.differs.front() ? " " : "; ")
        .append(difference.member)
        .append(" was ")
        .append(difference.found)
        .append(", not ")
        .append(difference.expected);
  return text + ".";
}

// REQUIRES (both): it is not met.
void TellCount(const CountClaim& claim, std::span<const journal::JournalEntry* const> entries,
               VerificationResult& judgement) {
  judgement.sentence =
      Entries(judgement.found) + "; wanted: " + Amount(claim.at_least, claim.at_most) + ".";
  if (judgement.found > claim.at_most) return;
  FindNearest(claim.match, entries, judgement);
  judgement.sentence += DescribeNearest(judgement);
}

void TellSequence(const SequenceClaim& claim, std::span<const journal::JournalEntry* const> entries,
                  VerificationResult& judgement) {
  judgement.sentence = "No request fits step " + std::to_string(judgement.found + 1) + " of " +
                       std::to_string(claim.matches.size());
  if (!judgement.ids.empty()) {
    const uint64_t last = judgement.ids.back();
    judgement.sentence += " after request " + std::to_string(last);
    while (entries.front()->id != last) entries = entries.subspan(1);
    entries = entries.subspan(1);
  }
  judgement.sentence += ".";
  FindNearest(claim.matches[judgement.found], entries, judgement);
  judgement.sentence += DescribeNearest(judgement);
}

void JudgeRetries(std::span<const std::vector<journal::RecordedEntry>> journals, uint64_t since,
                  VerificationResult& judgement) {
  for (const auto& journal : journals)
    for (const Retry& retry : FindRetries(journal)) {
      if (retry.came_back != Retry::Return::kEarly || retry.refused->id <= since) continue;
      if (judgement.is_met)
        judgement.sentence = "Request " + std::to_string(retry.with->id) + " came back after " +
                             json(std::chrono::duration<double>(retry.waited).count()).dump() +
                             " s, though request " + std::to_string(retry.refused->id) +
                             " was told to wait " + std::to_string(retry.retry_after->count()) +
                             " s.";
      judgement.is_met = false;
      ++judgement.found;
      if (judgement.ids.size() < kMostIds) judgement.ids.push_back(retry.with->id);
    }
}

// By id, from after `since`.
std::vector<const journal::JournalEntry*> Merged(
    std::span<const std::vector<journal::RecordedEntry>> journals, uint64_t since) {
  std::vector<const journal::JournalEntry*> entries;
  for (const auto& journal : journals)
    for (const journal::RecordedEntry& kept : journal)
      if (kept.entry.id > since) entries.push_back(&kept.entry);
  std::sort(
      entries.begin(), entries.end(),
      [](const journal::JournalEntry* a, const journal::JournalEntry* b) { return a->id < b->id; });
  return entries;
}

// JSON Schema has no word, that OpenAPI 3.0 knows, for "a text or null".
void CheckNamed(const json& match, const std::string& pointer,
                std::vector<SchemaViolation>& defects) {
  for (const char* member : {"headers", "query"})
    if (const auto found = match.find(member); found != match.end())
      for (const auto& [name, value] : found->items())
        if (!value.is_string() && !value.is_null())
          defects.push_back({pointer + "/" + member + "/" + PointerStep(name),
                             "is " + value.dump() + "; wanted: a text, or null."});
}

}  // namespace

std::vector<Verification> ReadVerifications(const json& body,
                                            std::vector<SchemaViolation>& defects) {
  std::vector<Verification> verifications;
  const auto read = [&](const json& item, const std::string& pointer) {
    const bool counts = item.contains("match"), orders = item.contains("sequence"),
               retries = item.contains("retries");
    if (counts + orders + retries != 1)
      return defects.push_back(
          {pointer, "has to have one of match, sequence and retries, and no other."});
    if (item.contains("count") && !counts)
      return defects.push_back({pointer + "/count", "is for match alone."});
    Verification verification{.claim = NoEarlyRetryClaim{},
                              .since = item.value("since", uint64_t{0}),
                              .definition = item.dump()};
    const size_t before = defects.size();
    if (counts) CheckNamed(item["match"], pointer + "/match", defects);
    if (orders)
      for (size_t i = 0; i < item["sequence"].size(); ++i)
        CheckNamed(item["sequence"][i], pointer + "/sequence/" + std::to_string(i), defects);
    if (defects.size() > before) return;
    if (counts) {
      if (const json count = item.value("count", json::object());
          count.contains("exactly") && count.size() > 1)
        return defects.push_back(
            {pointer + "/count", "has exactly beside another member; exactly stands alone."});
      const CountClaim claim = ReadCount(item);
      if (claim.at_least > claim.at_most)
        return defects.push_back({pointer + "/count", "can never be: atLeast is above atMost."});
      verification.claim = claim;
    }
    if (orders) {
      SequenceClaim claim;
      for (const json& match : item["sequence"]) claim.matches.push_back(ReadEntryMatch(match));
      verification.claim = std::move(claim);
    }
    verifications.push_back(std::move(verification));
  };
  if (!body.is_array()) {
    read(body, "");
  } else {
    for (size_t i = 0; i < body.size(); ++i) read(body[i], "/" + std::to_string(i));
  }
  return verifications;
}

std::vector<Verification> ReadVerificationText(std::string_view text,
                                               std::vector<std::string>& sentences) {
  try {
    static const JsonSchema kShape(embedded::kControlApi, "/components/schemas/Verifications");
    const json body = ParseStrictJson(text);
    std::vector<SchemaViolation> defects = kShape.Validate(body);
    std::vector<Verification> verifications;
    if (defects.empty()) verifications = ReadVerifications(body, defects);
    if (!defects.empty()) verifications.clear();
    for (const SchemaViolation& defect : defects)
      sentences.push_back((defect.pointer.empty() ? "/" : defect.pointer) + ": " + defect.sentence);
    return verifications;
  } catch (const JsonTextError& error) {
    sentences.push_back("line " + std::to_string(error.line()) + ": " + error.what());
    return {};
  }
}

ordered_json VerificationResult::report() const {
  ordered_json report{{"passed", is_met}};
  if (!sentence.empty()) report["sentence"] = sentence;
  report["count"] = found;
  report["ids"] = ids;
  if (nearest > 0) {
    report["nearest"] = {{"id", nearest}, {"differs", ordered_json::array()}};
    for (const Difference& difference : differs)
      report["nearest"]["differs"].push_back({{"member", difference.member},
                                              {"expected", difference.expected},
                                              {"found", difference.found}});
  }
  report["verification"] = ordered_json::parse(definition);
  return report;
}

void ClaimEvaluator::Observe(const journal::JournalEntry& entry) {
  if (entry.id <= verification_.since) return;
  if (const auto* count = std::get_if<CountClaim>(&verification_.claim)) {
    if (Fits(count->match, entry)) Find(entry);
  } else if (const auto* sequence = std::get_if<SequenceClaim>(&verification_.claim)) {
    if (found_ < sequence->matches.size() && Fits(sequence->matches[found_], entry)) Find(entry);
  }
}

void ClaimEvaluator::Find(const journal::JournalEntry& entry) {
  ++found_;
  if (ids_.size() < kMostIds) ids_.push_back(entry.id);
}

bool ClaimEvaluator::IsMet() const {
  if (const auto* count = std::get_if<CountClaim>(&verification_.claim))
    return count->at_least <= found_ && found_ <= count->at_most;
  if (const auto* sequence = std::get_if<SequenceClaim>(&verification_.claim))
    return found_ == sequence->matches.size();
  return true;
}

bool ClaimEvaluator::CanBeMet() const {
  const auto* count = std::get_if<CountClaim>(&verification_.claim);
  return !count || found_ <= count->at_most;
}

VerificationResult Evaluate(const Verification& verification,
                            std::span<const std::vector<journal::RecordedEntry>> journals) {
  VerificationResult judgement{.definition = verification.definition};
  if (std::holds_alternative<NoEarlyRetryClaim>(verification.claim)) {
    JudgeRetries(journals, verification.since, judgement);
    return judgement;
  }
  const auto entries = Merged(journals, verification.since);
  ClaimEvaluator evaluator(verification);
  for (const journal::JournalEntry* entry : entries) evaluator.Observe(*entry);
  judgement.is_met = evaluator.IsMet();
  judgement.found = evaluator.found();
  judgement.ids = evaluator.ids();
  if (judgement.is_met) return judgement;
  if (const auto* count = std::get_if<CountClaim>(&verification.claim))
    TellCount(*count, entries, judgement);
  if (const auto* sequence = std::get_if<SequenceClaim>(&verification.claim))
    TellSequence(*sequence, entries, judgement);
  return judgement;
}

}  // namespace emulator::diagnosis
