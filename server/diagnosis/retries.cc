#include "diagnosis/retries.h"

#include <map>
#include <nlohmann/json.hpp>
#include <tuple>
#include <utility>

#include "api/reasons.h"
#include "base/text.h"

namespace emulator::diagnosis {

namespace {

constexpr uint64_t kLongestRetryAfter = 31'536'000;  // seconds

// Requests that could not be parsed have no client to attribute a retry to.
bool AsksToWait(const journal::JournalEntry& entry) {
  return (entry.status == 429 || entry.status >= 500) && entry.gate != Name(api::Gate::kHttp);
}

std::optional<std::chrono::seconds> RetryAfter(const journal::JournalEntry& entry) {
  for (const std::string_view value : entry.answer_headers.Find("retry-after"))
    if (const auto seconds = ParseWholeNumber(value, 0, kLongestRetryAfter))
      return std::chrono::seconds(*seconds);
  return std::nullopt;
}

// For an entry, the indexes of the next entry of the same client and of the next same call of that
// client. The number of entries where there is none.
struct Next {
  size_t of_client;
  size_t of_call;
};
std::vector<Next> FindNext(std::span<const journal::RecordedEntry> entries) {
  using Call = std::tuple<std::string_view, std::string_view, std::string_view>;
  std::map<std::string_view, size_t> of_client;
  std::map<Call, size_t> of_call;
  std::vector<Next> next(entries.size());
  for (size_t i = entries.size(); i-- > 0;) {
    const journal::JournalEntry& entry = entries[i].entry;
    const auto replace = [&](auto& indexes, const auto& key) {
      const auto [found, is_new] = indexes.try_emplace(key, i);
      return is_new ? entries.size() : std::exchange(found->second, i);
    };
    next[i] = {replace(of_client, entry.client),
               replace(of_call, Call(entry.client, entry.method, entry.target))};
  }
  return next;
}

// The request began before its client could know of the refusal.
bool WasUnderWay(const journal::JournalEntry& later, const journal::JournalEntry& refused) {
  return later.real_time - later.duration < refused.real_time + refused.delivery.delay;
}

}  // namespace

std::string_view Name(Retry::Timing timing) {
  switch (timing) {
    case Retry::Timing::kNever:
      return "never";
    case Retry::Timing::kEarly:
      return "early";
    case Retry::Timing::kOnTime:
      return "on-time";
  }
  return "";
}

std::vector<Retry> FindRetries(std::span<const journal::RecordedEntry> entries) {
  const std::vector<Next> next = FindNext(entries);
  std::vector<Retry> retries;
  for (size_t i = 0; i < entries.size(); ++i) {
    const journal::JournalEntry& refused = entries[i].entry;
    if (!AsksToWait(refused)) continue;
    Retry& retry = retries.emplace_back(Retry{&refused, RetryAfter(refused)});
    const auto member =
        refused.status == 429 && !refused.client.empty() ? &Next::of_client : &Next::of_call;
    size_t at = next[i].*member;
    while (at < entries.size() && WasUnderWay(entries[at].entry, refused)) at = next[at].*member;
    if (at == entries.size()) continue;
    retry.call = &entries[at].entry;
    retry.waited = retry.call->time - refused.time;
    retry.timing = retry.retry_after && retry.waited < *retry.retry_after ? Retry::Timing::kEarly
                                                                          : Retry::Timing::kOnTime;
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
  item["cameBack"] = Name(retry.timing);
  if (retry.call) {
    item["with"] = retry.call->id;
    item["afterSeconds"] = static_cast<double>(retry.waited.count()) / 1e6;
  }
  return item;
}

}  // namespace emulator::diagnosis
