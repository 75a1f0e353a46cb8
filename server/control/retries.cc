#include "control/retries.h"

#include <nlohmann/json.hpp>

#include "control/query.h"

namespace emulator {

namespace {

constexpr uint64_t kLongest = 31'536'000;  // seconds

bool AsksToWait(const JournalEntry& entry) {
  return entry.status == 429 || entry.status >= 500;
}

std::optional<std::chrono::seconds> RetryAfter(const JournalEntry& entry) {
  for (const auto& [name, value] : entry.answer_headers.Read())
    if (EqualIgnoringCase(name, "retry-after"))
      if (const auto seconds = WholeNumber(value, 0, kLongest))
        return std::chrono::seconds(*seconds);
  return std::nullopt;
}

bool IsReturn(const JournalEntry& later, const JournalEntry& refused) {
  if (later.client != refused.client) return false;
  if (later.real_time - later.duration < refused.real_time) return false;  // was under way
  const bool may_be_any = refused.status == 429 && !refused.client.empty();
  return may_be_any || (later.method == refused.method && later.target == refused.target);
}

}  // namespace

std::string_view Name(Retry::Return came_back) {
  switch (came_back) {
    case Retry::Return::kNever:
      return "never";
    case Retry::Return::kEarly:
      return "early";
    case Retry::Return::kOnTime:
      return "on-time";
  }
  return "";
}

std::vector<Retry> FindRetries(std::span<const KeptEntry> entries) {
  std::vector<Retry> retries;
  for (size_t i = 0; i < entries.size(); ++i) {
    const JournalEntry& refused = entries[i].entry;
    if (!AsksToWait(refused)) continue;
    Retry retry{.refused = &refused, .retry_after = RetryAfter(refused)};
    for (size_t j = i + 1; j < entries.size(); ++j) {
      const JournalEntry& later = entries[j].entry;
      if (!IsReturn(later, refused)) continue;
      retry.with = &later;
      retry.waited = later.time - refused.time;
      retry.came_back = retry.retry_after && retry.waited < *retry.retry_after
                            ? Retry::Return::kEarly
                            : Retry::Return::kOnTime;
      break;
    }
    retries.push_back(retry);
  }
  return retries;
}

nlohmann::ordered_json RenderRetry(const Retry& retry) {
  nlohmann::ordered_json item{{"id", retry.refused->id},
                              {"time", IsoTime(retry.refused->time)},
                              {"method", retry.refused->method},
                              {"target", retry.refused->target},
                              {"status", retry.refused->status}};
  if (retry.retry_after) item["retryAfter"] = retry.retry_after->count();
  item["cameBack"] = Name(retry.came_back);
  if (retry.with) {
    item["with"] = retry.with->id;
    item["afterSeconds"] = static_cast<double>(retry.waited.count()) / 1e6;
  }
  return item;
}

}  // namespace emulator
