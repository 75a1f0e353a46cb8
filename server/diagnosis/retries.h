// How clients took being refused for a time: for every 429 and 5xx, what `retry-after` said and
// when the client came back, on the World's clock.
//
// After a 429 any call of the client is a return: the page says that it is the client who is to
// wait. After a 5xx only the same call is. A call that was under way when the refusal went out is
// no return. A return is measured by its answer, so a client is never called early by the time
// that its request took.
//
// Threads: pure.
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
  enum class Return { kNever, kEarly, kOnTime };

  const journal::JournalEntry* refused;             // the caller's
  std::optional<std::chrono::seconds> retry_after;  // absent: it said none, or no whole seconds
  Return came_back = Return::kNever;                // without retry_after never early
  const journal::JournalEntry* with = nullptr;      // the call it came back with
  std::chrono::microseconds waited{0};              // World's time until then
};
std::string_view Name(Retry::Return came_back);  // "on-time"

// Of one World's entries, by id. In their order.
std::vector<Retry> FindRetries(std::span<const journal::RecordedEntry> entries);

nlohmann::ordered_json RenderRetry(const Retry& retry);

}  // namespace emulator::diagnosis
