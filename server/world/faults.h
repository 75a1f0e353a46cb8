// The planned faults of one world: which calls they affect, and how. control/fault_plans parses
// them.
//
// Random numbers are reproducible: they depend only on the fault's seed and the number of the call.
//
// Threads: Faults: any. The other types are values.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <limits>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "http/response.h"

namespace emulator::world {

// The properties of a call that a fault may match. Empty: unknown.
struct FaultCall {
  std::string_view method;
  std::string_view path;  // as sent, without sandbox prefix and query
  std::string_view operation;
  std::string_view connection_id;
  std::string_view client;
};

// Matches calls that equal every member that is set.
struct FaultMatch {
  std::optional<std::string> method;
  std::optional<std::string> path;  // a pattern: see MatchesPath
  std::optional<std::string> operation;
  std::optional<std::string> connection_id;  // case-sensitive, like all ids
  std::optional<std::string> client;
};

bool Matches(const FaultMatch& match, const FaultCall& call);

// Numbers of calls, from `first` to `last` inclusive.
struct CallRange {
  uint64_t first = 1;
  uint64_t last = std::numeric_limits<uint64_t>::max();
};

// Selects among the matching calls, which are numbered from 1. Default: all.
struct FaultWhen {
  std::vector<CallRange> calls{CallRange{}};
  double probability = 1;  // for each selected call; 0 to 1
  uint64_t seed = 0;       // for the probability and for random delays
};

struct UniformDelay {
  std::chrono::milliseconds min{0};
  std::chrono::milliseconds max{0};  // REQUIRES: >= min
};
struct LognormalDelay {
  std::chrono::milliseconds median{1};  // REQUIRES: above 0
  double sigma = 0;                     // standard deviation of the logarithm; 0: the median
};
// The first alternative is a fixed delay. REQUIRES: <= kMaxDelay, which also caps a lognormal
// delay.
using FaultDelay = std::variant<std::chrono::milliseconds, UniformDelay, LognormalDelay>;
inline constexpr std::chrono::milliseconds kMaxDelay = std::chrono::minutes(10);

// Makes a response differ from the documentation. [D] "Clients MUST NOT assume that every
// failed request will produce an object of this schema": the vendor's page.
enum class Tampering {
  kNone,
  // For responses with status 429 or a retry-after header:
  kNoRetryAfter,
  kRetryAfterZero,
  kRetryAfterDate,  // an HTTP date (allowed by RFC 9110 section 10.2.3) instead of seconds
  // For responses with status 400 and above:
  kNoBody,
  kHtmlBody,
};

// Whether the tampering changes such a response.
bool Affects(Tampering tampering, const http::Response& response);

// The effect on a call. `answer` and `connection_fault` replace the gates; the rest changes any
// response.
struct FaultEffect {
  std::optional<http::Response> answer;
  FaultDelay delay = std::chrono::milliseconds(0);
  std::chrono::milliseconds body_time{0};
  http::ConnectionFault connection_fault = http::ConnectionFault::kNone;
  Tampering tampering = Tampering::kNone;
};

struct Fault {
  FaultMatch match{};
  FaultWhen when{};
  FaultEffect then{};
  std::string definition{};  // as the user wrote it, for lists
};

// A fault that applies to a call.
struct FaultHit {
  uint64_t id = 0;
  std::shared_ptr<const Fault> fault;
  std::chrono::milliseconds delay{0};  // fixed or random

  // The response that replaces the gates, before ApplyFault; nullopt if the gates run.
  std::optional<http::Response> Answer() const;
};

// Applies delays, connection faults and tampering to a response. `now`: the world's time.
void ApplyFault(http::Response& response, const FaultHit& hit, Time now);

// A planned fault and its counts so far.
struct FaultReport {
  uint64_t id = 0;
  std::shared_ptr<const Fault> fault;
  uint64_t matched = 0;  // calls that it matched, unless an earlier fault applied
  uint64_t applied = 0;
};

// Keeps faults in the order in which they were added. Counts each call exactly once, for any number
// of threads.
class Faults {
 public:
  // Returns the id, from 1. Ids are never reused.
  uint64_t Add(Fault fault);
  std::vector<FaultReport> List() const;
  std::optional<FaultReport> Find(uint64_t id) const;
  // False if there is no such fault.
  bool Remove(uint64_t id);
  // Returns the number of removed faults.
  size_t Clear();

  // The first fault that matches the call and selects it. Later faults do not count the call. Takes
  // one atomic load if no fault is planned.
  std::optional<FaultHit> Match(const FaultCall& call);

 private:
  mutable std::mutex mutex_;
  std::vector<FaultReport> planned_;  // guarded by mutex_
  uint64_t last_id_ = 0;              // guarded by mutex_
  std::atomic<bool> any_{false};      // !planned_.empty(); set under mutex_
};

}  // namespace emulator::world
