// Retries: for every 429 and 5xx, what `retry-after` said and when the client called again, on the
// world's clock.
//
// After a 429 any call of the client counts as its retry: the page asks the client to wait. After
// a 5xx only the same call counts. A call that was under way when the refusal went out is no
// retry. The time of a retry is that of its answer, so the duration of a request never makes a
// client early.
//
// Threads: pure functions.
#pragma once

#include <chrono>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "journal/journal_entry.h"

namespace emulator::diagnosis {

struct Retry {
  enum class Timing { kNever, kEarly, kOnTime };

  const journal::JournalEntry* refused;             // owned by the caller of FindRetries
  std::optional<std::chrono::seconds> retry_after;  // absent: not in the answer, or not in seconds
  Timing timing = Timing::kNever;                   // without retry_after never kEarly
  const journal::JournalEntry* call = nullptr;      // the retry; nullptr: the client made none
  std::chrono::microseconds waited{0};              // until the retry, on the world's clock
};
std::string_view Name(Retry::Timing timing);  // "on-time"

// `entries`: of one world, by id. The retries have the order of the refusals.
std::vector<Retry> FindRetries(std::span<const journal::RecordedEntry> entries);

nlohmann::ordered_json RenderRetry(const Retry& retry);

}  // namespace emulator::diagnosis
