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

std::string FormatRange(uint64_t least, uint64_t most) {
  if (least == most) return std::to_string(least);
  if (most == std::numeric_limits<uint64_t>::max()) return "at least " + std::to_string(least);
  if (least == 0) return "at most " + std::to_string(most);
  return std::to_string(least) + " to " + std::to_string(most);
}

// Finds the entry that differs in the fewest members; of several, the latest.
void FindNearest(const EntryMatch& match, std::span<const journal::JournalEntry* const> entries,
                 VerificationResult& result) {
  std::optional<std::vector<Difference>> least;
  for (const journal::JournalEntry* entry : entries) {
    auto differences = Differences(match, *entry);
    if (differences.empty() || (least && differences.size() > least->size())) continue;
    least = std::move(differences);
    result.nearest = entry->id;
  }
  if (least) result.differences = std::move(*least);
}

std::string DescribeNearest(const VerificationResult& result) {
  if (result.nearest == 0) return "";
  std::string text = " The nearest is request " + std::to_string(result.nearest) + ":";
  for (const Difference& difference : result.differences)
    text.append(&difference == &result.differences.front() ? " " : "; ")
        .append(difference.member)
        .append(" was ")
        .append(difference.found)
        .append(", not ")
        .append(difference.expected);
  return text + ".";
}

// REQUIRES: the claim does not hold.
void ExplainCount(const CountClaim& claim, std::span<const journal::JournalEntry* const> entries,
                  VerificationResult& result) {
  result.sentence = std::to_string(result.count) +
                    (result.count == 1 ? " request matches" : " requests match") +
                    "; wanted: " + FormatRange(claim.at_least, claim.at_most) + ".";
  if (result.count > claim.at_most) return;
  FindNearest(claim.match, entries, result);
  result.sentence += DescribeNearest(result);
}

// REQUIRES: the claim does not hold.
void ExplainSequence(const SequenceClaim& claim,
                     std::span<const journal::JournalEntry* const> entries,
                     VerificationResult& result) {
  result.sentence = "No request matches step " + std::to_string(result.count + 1) + " of " +
                    std::to_string(claim.matches.size());
  if (!result.ids.empty()) {
    const uint64_t last = result.ids.back();
    result.sentence += " after request " + std::to_string(last);
    while (entries.front()->id != last) entries = entries.subspan(1);
    entries = entries.subspan(1);
  }
  result.sentence += ".";
  FindNearest(claim.matches[result.count], entries, result);
  result.sentence += DescribeNearest(result);
}

void EvaluateRetries(std::span<const std::vector<journal::RecordedEntry>> journals, uint64_t since,
                     VerificationResult& result) {
  for (const auto& journal : journals)
    for (const Retry& retry : FindRetries(journal)) {
      if (retry.timing != Retry::Timing::kEarly || retry.refused->id <= since) continue;
      if (result.passed)
        result.sentence = "Request " + std::to_string(retry.call->id) + " came " +
                          json(std::chrono::duration<double>(retry.waited).count()).dump() +
                          " s after request " + std::to_string(retry.refused->id) +
                          ", whose retry-after was " + std::to_string(retry.retry_after->count()) +
                          " s.";
      result.passed = false;
      ++result.count;
      if (result.ids.size() < kMostIds) result.ids.push_back(retry.call->id);
    }
}

// The entries of all journals after `since`, by id.
std::vector<const journal::JournalEntry*> MergeJournals(
    std::span<const std::vector<journal::RecordedEntry>> journals, uint64_t since) {
  std::vector<const journal::JournalEntry*> entries;
  for (const auto& journal : journals)
    for (const journal::RecordedEntry& recorded : journal)
      if (recorded.entry.id > since) entries.push_back(&recorded.entry);
  std::sort(
      entries.begin(), entries.end(),
      [](const journal::JournalEntry* a, const journal::JournalEntry* b) { return a->id < b->id; });
  return entries;
}

// OpenAPI 3.0 has no JSON Schema type for "a string or null".
void CheckNamedValues(const json& match, const std::string& pointer,
                      std::vector<SchemaViolation>& violations) {
  for (const char* member : {"headers", "query"})
    if (const auto found = match.find(member); found != match.end())
      for (const auto& [name, value] : found->items())
        if (!value.is_string() && !value.is_null())
          violations.push_back({pointer + "/" + member + "/" + PointerStep(name),
                                "is " + value.dump() + "; wanted: a string, or null."});
}

// Reads one verification. nullopt: `violations` has grown.
std::optional<Verification> ReadVerification(const json& item, const std::string& pointer,
                                             std::vector<SchemaViolation>& violations) {
  const auto refuse = [&](const std::string& place, const char* sentence) {
    violations.push_back({place, sentence});
    return std::nullopt;
  };
  const bool has_match = item.contains("match"), has_sequence = item.contains("sequence"),
             has_retries = item.contains("retries");
  if (has_match + has_sequence + has_retries != 1)
    return refuse(pointer, "has none or several of match, sequence and retries; give exactly one.");
  if (item.contains("count") && !has_match)
    return refuse(pointer + "/count", "is allowed only beside match; leave it out.");

  Verification verification{.claim = NoEarlyRetryClaim{},
                            .since = item.value("since", uint64_t{0}),
                            .definition = item.dump()};
  const size_t before = violations.size();
  if (has_match) CheckNamedValues(item["match"], pointer + "/match", violations);
  if (has_sequence)
    for (size_t i = 0; i < item["sequence"].size(); ++i)
      CheckNamedValues(item["sequence"][i], pointer + "/sequence/" + std::to_string(i), violations);
  if (violations.size() > before) return std::nullopt;

  if (has_match) {
    if (const json count = item.value("count", json::object());
        count.contains("exactly") && count.size() > 1)
      return refuse(pointer + "/count", "has exactly beside another member; give exactly alone.");
    const CountClaim claim = ReadCount(item);
    if (claim.at_least > claim.at_most)
      return refuse(pointer + "/count", "cannot hold: atLeast is greater than atMost.");
    verification.claim = claim;
  }
  if (has_sequence) {
    SequenceClaim claim;
    for (const json& match : item["sequence"]) claim.matches.push_back(ReadEntryMatch(match));
    verification.claim = std::move(claim);
  }
  return verification;
}

}  // namespace

std::vector<Verification> ReadVerifications(const json& body,
                                            std::vector<SchemaViolation>& violations) {
  std::vector<Verification> verifications;
  const auto read = [&](const json& item, const std::string& pointer) {
    if (auto verification = ReadVerification(item, pointer, violations))
      verifications.push_back(std::move(*verification));
  };
  if (!body.is_array()) {
    read(body, "");
  } else {
    for (size_t i = 0; i < body.size(); ++i) read(body[i], "/" + std::to_string(i));
  }
  return verifications;
}

std::vector<Verification> ReadVerificationText(std::string_view text,
                                               std::vector<std::string>& errors) {
  try {
    static const JsonSchema kSchema(embedded::kControlApi, "/components/schemas/Verifications");
    const json body = ParseStrictJson(text);
    std::vector<SchemaViolation> violations = kSchema.Validate(body);
    std::vector<Verification> verifications;
    if (violations.empty()) verifications = ReadVerifications(body, violations);
    if (!violations.empty()) verifications.clear();
    for (const SchemaViolation& violation : violations)
      errors.push_back((violation.pointer.empty() ? "/" : violation.pointer) + ": " +
                       violation.sentence);
    return verifications;
  } catch (const JsonTextError& error) {
    errors.push_back("line " + std::to_string(error.line()) + ": " + error.what());
    return {};
  }
}

ordered_json RenderVerificationResult(const VerificationResult& result) {
  ordered_json object{{"passed", result.passed}};
  if (!result.sentence.empty()) object["sentence"] = result.sentence;
  object["count"] = result.count;
  object["ids"] = result.ids;
  if (result.nearest > 0) {
    object["nearest"] = {{"id", result.nearest}, {"differs", ordered_json::array()}};
    for (const Difference& difference : result.differences)
      object["nearest"]["differs"].push_back({{"member", difference.member},
                                              {"expected", difference.expected},
                                              {"found", difference.found}});
  }
  object["verification"] = ordered_json::parse(result.definition);
  return object;
}

void ClaimEvaluator::Observe(const journal::JournalEntry& entry) {
  if (entry.id <= verification_.since) return;
  if (const auto* count = std::get_if<CountClaim>(&verification_.claim)) {
    if (Matches(count->match, entry)) Add(entry);
  } else if (const auto* sequence = std::get_if<SequenceClaim>(&verification_.claim)) {
    if (count_ < sequence->matches.size() && Matches(sequence->matches[count_], entry)) Add(entry);
  }
}

void ClaimEvaluator::Add(const journal::JournalEntry& entry) {
  ++count_;
  if (ids_.size() < kMostIds) ids_.push_back(entry.id);
}

bool ClaimEvaluator::Holds() const {
  if (const auto* count = std::get_if<CountClaim>(&verification_.claim))
    return count->at_least <= count_ && count_ <= count->at_most;
  if (const auto* sequence = std::get_if<SequenceClaim>(&verification_.claim))
    return count_ == sequence->matches.size();
  return true;
}

bool ClaimEvaluator::CanStillHold() const {
  const auto* count = std::get_if<CountClaim>(&verification_.claim);
  return !count || count_ <= count->at_most;
}

VerificationResult Evaluate(const Verification& verification,
                            std::span<const std::vector<journal::RecordedEntry>> journals) {
  VerificationResult result{.definition = verification.definition};
  if (std::holds_alternative<NoEarlyRetryClaim>(verification.claim)) {
    EvaluateRetries(journals, verification.since, result);
    return result;
  }
  const auto entries = MergeJournals(journals, verification.since);
  ClaimEvaluator evaluator(verification);
  for (const journal::JournalEntry* entry : entries) evaluator.Observe(*entry);
  result.passed = evaluator.Holds();
  result.count = evaluator.count();
  result.ids = evaluator.ids();
  if (result.passed) return result;
  if (const auto* count = std::get_if<CountClaim>(&verification.claim))
    ExplainCount(*count, entries, result);
  if (const auto* sequence = std::get_if<SequenceClaim>(&verification.claim))
    ExplainSequence(*sequence, entries, result);
  return result;
}

}  // namespace emulator::diagnosis
