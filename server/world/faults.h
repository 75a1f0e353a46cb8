// The planned faults of one World: which calls they strike, and what becomes of the answer. A fault
// holds its answer ready-made; how a person writes one down is control/'s.
//
// Chance is reproducible: what is drawn for a call depends on the fault's seed and on the number of
// the call alone, so that a test that is repeated meets the same luck.
//
// Threads: any thread may call anything of Faults at any time; the others are values.
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

// What a fault may match of a call. Empty: not known.
struct FaultCall {
  std::string_view method;
  std::string_view path;  // as sent, without its query
  std::string_view operation;
  std::string_view connection_id;
  std::string_view client;
};

// Which calls a fault is for: those that fit every member that is there.
struct FaultMatch {
  std::optional<std::string> method;
  std::optional<std::string> path;  // a pattern: MatchesPath
  std::optional<std::string> operation;
  std::optional<std::string> connection_id;  // case-sensitive, as ids are
  std::optional<std::string> client;
};

bool Fits(const FaultMatch& match, const FaultCall& call);

// Calls by their number, from `first` to `last`, both included.
struct CallRange {
  uint64_t first = 1;
  uint64_t last = std::numeric_limits<uint64_t>::max();
};

// Which of the calls that match are struck, by their number from 1. The default: all.
struct FaultWhen {
  std::vector<CallRange> calls{CallRange{}};
  double probability = 1;  // of each of these calls; 0 to 1
  uint64_t seed = 0;       // also of a delay that is drawn
};

struct UniformDelay {
  std::chrono::milliseconds least{0};
  std::chrono::milliseconds most{0};  // REQUIRES: not below least
};
struct LognormalDelay {
  std::chrono::milliseconds median{1};  // REQUIRES: above 0
  double sigma = 0;                     // of the delay's logarithm; 0: always the median
};
// The first is fixed. REQUIRES: none above kLongestDelay, where a lognormal draw is cut.
using FaultDelay = std::variant<std::chrono::milliseconds, UniformDelay, LognormalDelay>;
inline constexpr std::chrono::milliseconds kLongestDelay = std::chrono::minutes(10);

// An answer that is not what a client was led to expect. [D] "Clients MUST NOT assume that every
// failed request will produce an object of this schema": the vendor's page.
enum class Tampering {
  kNone,
  // About answers that have status 429 or a retry-after:
  kNoRetryAfter,
  kRetryAfterZero,
  kRetryAfterDate,  // an HTTP date (RFC 9110 section 10.2.3 allows one) in place of the seconds
  // About answers of status 400 and above:
  kNoBody,
  kHtmlBody,
};

// Whether a lie is about such an answer at all; others are left alone.
bool Concerns(Tampering tampering, const http::Response& response);

// What becomes of a call that is struck. An answer or a connection_fault is instead of the gates;
// all else only alters the answer, whoever made it.
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
  std::string definition{};  // as the user wrote it; for lists only
};

// A fault that strikes a call.
struct FaultHit {
  uint64_t id = 0;
  std::shared_ptr<const Fault> fault;
  std::chrono::milliseconds delay{0};  // drawn

  // The answer instead of the gates; nullopt when they are to make it. Not decorated yet.
  std::optional<http::Response> Answer() const;
};

// Delays, slows, breaks and belies an answer as the fault wants it. `now`: of the World's clock.
void ApplyFault(http::Response& response, const FaultHit& hit, Time now);

// A planned fault and what it did up to now.
struct FaultReport {
  uint64_t id = 0;
  std::shared_ptr<const Fault> fault;
  uint64_t matched = 0;  // calls that fitted and reached it
  uint64_t applied = 0;
};

// In the order in which they were added. Exact: of N calls each is counted once, whatever the
// number of threads.
class Faults {
 public:
  // The id: 1 for the World's first, never used again.
  uint64_t Add(Fault fault);
  std::vector<FaultReport> List() const;
  std::optional<FaultReport> Find(uint64_t id) const;
  // False when there is none of that id.
  bool Remove(uint64_t id);
  // How many there were.
  size_t Clear();

  // The first that fits the call and whose `when` says yes; those behind it do not count the call.
  // Without any planned it costs one load.
  std::optional<FaultHit> Match(const FaultCall& call);

 private:
  mutable std::mutex mutex_;
  std::vector<FaultReport> planned_;  // guarded by mutex_
  uint64_t last_id_ = 0;              // guarded by mutex_
  std::atomic<bool> any_{false};      // whether planned_ holds something; set under mutex_
};

}  // namespace emulator::world
