#include "world/faults.h"

#include <algorithm>
#include <cmath>
#include <random>
#include <utility>

#include "base/text.h"
#include "http/path_pattern.h"

namespace emulator::world {

namespace {

using std::chrono::milliseconds;

// Random numbers for one call: the same for the same seed and call number.
class FaultRandom {
 public:
  FaultRandom(uint64_t seed, uint64_t call) {
    std::seed_seq sequence{static_cast<uint32_t>(seed), static_cast<uint32_t>(seed >> 32),
                           static_cast<uint32_t>(call), static_cast<uint32_t>(call >> 32)};
    random_.seed(sequence);
  }

  // From 0 to below 1.
  double Draw() { return std::uniform_real_distribution<double>()(random_); }

  milliseconds Draw(const FaultDelay& delay) {
    if (const auto* uniform = std::get_if<UniformDelay>(&delay))
      return milliseconds(std::uniform_int_distribution<milliseconds::rep>(
          uniform->min.count(), uniform->max.count())(random_));
    if (const auto* lognormal = std::get_if<LognormalDelay>(&delay)) return Lognormal(*lognormal);
    return std::get<milliseconds>(delay);
  }

 private:
  milliseconds Lognormal(const LognormalDelay& delay) {
    const double delay_ms = static_cast<double>(delay.median.count()) *
                            std::exp(delay.sigma * std::normal_distribution<double>()(random_));
    const auto max = static_cast<double>(kMaxDelay.count());
    return milliseconds(std::llround(std::min(delay_ms, max)));
  }

  std::mt19937_64 random_;
};

// The delay if the fault selects the call, else nullopt.
std::optional<milliseconds> Select(const Fault& fault, uint64_t call) {
  const auto contains = [&](const CallRange& r) { return r.first <= call && call <= r.last; };
  if (std::none_of(fault.when.calls.begin(), fault.when.calls.end(), contains)) return std::nullopt;
  const auto* fixed = std::get_if<milliseconds>(&fault.then.delay);
  if (fixed && fault.when.probability >= 1) return *fixed;

  FaultRandom random(fault.when.seed, call);
  if (random.Draw() >= fault.when.probability) return std::nullopt;
  return random.Draw(fault.then.delay);
}

void Drop(http::Headers& headers, std::string_view name) {
  http::Headers kept;
  for (const http::Header& field : headers)
    if (!EqualIgnoringCase(field.name, name)) kept.Add(field.name, field.value);
  headers = std::move(kept);
}

// The seconds of a retry-after header; 1 if there is none, nullopt if it is not a number.
std::optional<std::chrono::seconds> RetryAfterOf(const http::Headers& headers) {
  const std::string* text = headers.Find("retry-after");
  if (!text) return std::chrono::seconds(1);
  const auto seconds = ParseWholeNumber(*text, 0, std::numeric_limits<int32_t>::max());
  if (!seconds) return std::nullopt;
  return std::chrono::seconds(*seconds);
}

void TamperWithRetryAfter(http::Response& response, Tampering tampering, Time now) {
  if (tampering == Tampering::kNoRetryAfter) return Drop(response.headers, "retry-after");
  if (tampering == Tampering::kRetryAfterZero) return response.headers.Set("retry-after", "0");
  if (const auto wait = RetryAfterOf(response.headers))
    response.headers.Set("retry-after", HttpDate(now + *wait));
}

void TamperWithBody(http::Response& response, Tampering tampering) {
  response.body.clear();
  Drop(response.headers, "Content-Type");
  if (tampering == Tampering::kNoBody) return;
  // Like a proxy that does not know the API.
  const std::string status = std::to_string(response.status);
  response.headers.Add("Content-Type", "text/html");
  response.body = "<!DOCTYPE html>\n<html><head><title>" + status + "</title></head><body><h1>" +
                  status + "</h1><p>The request could not be served.</p></body></html>\n";
}

bool ChangesRetryAfter(Tampering tampering) {
  return tampering == Tampering::kNoRetryAfter || tampering == Tampering::kRetryAfterZero ||
         tampering == Tampering::kRetryAfterDate;
}

}  // namespace

bool Matches(const FaultMatch& match, const FaultCall& call) {
  const auto same = [](const std::optional<std::string>& expected, std::string_view actual) {
    return !expected || *expected == actual;
  };
  return same(match.method, call.method) && same(match.operation, call.operation) &&
         same(match.connection_id, call.connection_id) && same(match.client, call.client) &&
         (!match.path || http::MatchesPath(*match.path, call.path));
}

bool Affects(Tampering tampering, const http::Response& response) {
  if (tampering == Tampering::kNone) return false;
  if (ChangesRetryAfter(tampering))
    return response.status == 429 || response.headers.Find("retry-after");
  return response.status >= 400;
}

std::optional<http::Response> FaultHit::Answer() const {
  if (fault->then.answer) return fault->then.answer;
  if (fault->then.connection_fault != http::ConnectionFault::kNone) return http::Response{};
  return std::nullopt;
}

void ApplyFault(http::Response& response, const FaultHit& hit, Time now) {
  const FaultEffect& then = hit.fault->then;
  if (Affects(then.tampering, response)) {
    if (ChangesRetryAfter(then.tampering))
      TamperWithRetryAfter(response, then.tampering, now);
    else
      TamperWithBody(response, then.tampering);
  }
  response.delivery = {hit.delay, then.body_time, then.connection_fault};
}

uint64_t Faults::Add(Fault fault) {
  const std::lock_guard lock(mutex_);
  planned_.push_back({++last_id_, std::make_shared<const Fault>(std::move(fault))});
  any_.store(true, std::memory_order_relaxed);
  return last_id_;
}

std::vector<FaultReport> Faults::List() const {
  const std::lock_guard lock(mutex_);
  return planned_;
}

std::optional<FaultReport> Faults::Find(uint64_t id) const {
  const std::lock_guard lock(mutex_);
  for (const FaultReport& planned : planned_)
    if (planned.id == id) return planned;
  return std::nullopt;
}

bool Faults::Remove(uint64_t id) {
  const std::lock_guard lock(mutex_);
  const auto removed = std::erase_if(planned_, [&](const FaultReport& p) { return p.id == id; });
  any_.store(!planned_.empty(), std::memory_order_relaxed);
  return removed > 0;
}

size_t Faults::Clear() {
  const std::lock_guard lock(mutex_);
  any_.store(false, std::memory_order_relaxed);
  return std::exchange(planned_, {}).size();
}

std::optional<FaultHit> Faults::Match(const FaultCall& call) {
  if (!any_.load(std::memory_order_relaxed)) return std::nullopt;
  const std::lock_guard lock(mutex_);
  for (FaultReport& planned : planned_) {
    if (!Matches(planned.fault->match, call)) continue;
    const auto delay = Select(*planned.fault, ++planned.matched);
    if (!delay) continue;
    ++planned.applied;
    return FaultHit{planned.id, planned.fault, *delay};
  }
  return std::nullopt;
}

}  // namespace emulator::world
