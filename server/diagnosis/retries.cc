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

// Of what never became a request nobody knows whose it was, so nobody can come back.
bool AsksToWait(const journal::JournalEntry& entry) {
  return (entry.status == 429 || entry.status >= 500) && entry.gate != Name(api::Gate::kHttp);
}

std::optional<std::chrono::seconds> RetryAfter(const journal::JournalEntry& entry) {
  for (const std::string_view value : entry.answer_headers.Find("retry-after"))
    if (const auto seconds = ParseWholeNumber(value, 0, kLongestRetryAfter))
      return std::chrono::seconds(*seconds);
  return std::nullopt;
}

// Of each entry the next of the same client, and the next that is the same call of it, by their
// place; the number of entries where there is none.
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
    const auto replaced = [&](auto& places, const auto& key) {
      const auto [place, is_new] = places.try_emplace(key, i);
      return is_new ? entries.size() : std::exchange(place->second, i);
    };
    next[i] = {replaced(of_client, entry.client),
               replaced(of_call, Call(entry.client, entry.method, entry.target))};
  }
  return next;
}

// It began before its client could know of the refusal.
bool WasUnderWay(const journal::JournalEntry& later, const journal::JournalEntry& refused) {
  return later.real_time - later.duration < refused.real_time + refused.delivery.delay;
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
    retry.with = &entries[at].entry;
    retry.waited = retry.with->time - refused.time;
    retry.came_back = retry.retry_after && retry.waited < *retry.retry_after
                          ? Retry::Return::kEarly
                          : Retry::Return::kOnTime;
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

}  // namespace emulator::diagnosis
