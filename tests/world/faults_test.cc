#include "world/faults.h"

#include <atomic>
#include <thread>

#include "support/world.h"

using namespace emulator;
using namespace emulator::world;
using namespace std::chrono_literals;

namespace {

const FaultCall kCall{.method = "GET",
                      .path = "/export/connections/Bridge",
                      .operation = "get-export-connection",
                      .connection_id = "Bridge",
                      .client = "my-app"};

// "y" for each call to which a fault applies, "-" for each other call.
std::string Pattern(Faults& faults, int calls) {
  std::string pattern;
  for (int i = 0; i < calls; ++i) pattern += faults.Match(kCall) ? 'y' : '-';
  return pattern;
}

std::string Pattern(const FaultWhen& when, int calls) {
  Faults faults;
  faults.Add({.when = when});
  return Pattern(faults, calls);
}

std::vector<int64_t> Delays(const FaultDelay& delay, uint64_t seed, int calls) {
  Faults faults;
  faults.Add({.when = {.seed = seed}, .then = {.delay = delay}});
  std::vector<int64_t> delays;
  for (int i = 0; i < calls; ++i) delays.push_back(faults.Match(kCall).value().delay.count());
  return delays;
}

FaultHit HitBy(FaultEffect then) {
  return {.id = 1, .fault = std::make_shared<const Fault>(Fault{.then = std::move(then)})};
}

http::Response Tampered(Tampering tampering, http::Response response, Time now = kNoon) {
  ApplyFault(response, HitBy({.tampering = tampering}), now);
  return response;
}

http::Response TooManyRequests(const std::string& retry_after) {
  return {.status = 429,
          .headers = {{"Content-Type", "application/json"}, {"Retry-After", retry_after}},
          .body = "{}"};
}

}  // namespace

TEST_CASE("a fault matches a call if all its members match") {
  CHECK(Matches({}, kCall));
  CHECK(Matches(FaultMatch{}, FaultCall{}));
  CHECK(Matches({.method = "GET",
                 .path = "/export/connections/*",
                 .operation = "get-export-connection",
                 .connection_id = "Bridge",
                 .client = "my-app"},
                kCall));
  CHECK_FALSE(Matches({.method = "get"}, kCall));
  CHECK_FALSE(Matches({.method = "HEAD"}, kCall));
  CHECK_FALSE(Matches({.path = "/export"}, kCall));
  CHECK_FALSE(Matches({.operation = "get-export"}, kCall));
  CHECK_FALSE(Matches({.connection_id = "bridge"}, kCall));
  CHECK_FALSE(Matches({.client = "My-App"}, kCall));
  CHECK_FALSE(Matches({.method = "GET", .client = "other"}, kCall));
}

TEST_CASE("an unknown property of a call matches nothing") {
  CHECK_FALSE(Matches({.client = "my-app"}, {.method = "GET"}));
  CHECK_FALSE(Matches({.connection_id = "Bridge"}, {.method = "GET"}));
}

TEST_CASE("a fault applies to all calls or to those with given numbers") {
  CHECK(Pattern(FaultWhen{}, 5) == "yyyyy");
  CHECK(Pattern(FaultWhen{.calls = {{3, 3}}}, 5) == "--y--");
  CHECK(Pattern(FaultWhen{.calls = {{2, 2}, {4, 5}}}, 6) == "-y-yy-");
  CHECK(Pattern(FaultWhen{.calls = {{.first = 3}}}, 5) == "--yyy");
  CHECK(Pattern(FaultWhen{.calls = {{.last = 2}}}, 5) == "yy---");
  CHECK(Pattern(FaultWhen{.calls = {}}, 3) == "---");
}

TEST_CASE("a probability is reproducible by its seed") {
  const std::string first = Pattern(FaultWhen{.probability = 0.5, .seed = 7}, 64);
  CHECK(first == Pattern(FaultWhen{.probability = 0.5, .seed = 7}, 64));
  CHECK(first != Pattern(FaultWhen{.probability = 0.5, .seed = 8}, 64));
  CHECK(first != Pattern(FaultWhen{.probability = 0.5, .seed = 7 + (uint64_t{1} << 32)}, 64));
  CHECK(Pattern(FaultWhen{.probability = 0}, 64).find('y') == std::string::npos);
  CHECK(Pattern(FaultWhen{.probability = 1}, 64).find('-') == std::string::npos);
  const std::string many = Pattern(FaultWhen{.probability = 0.25, .seed = 1}, 4000);
  const auto hit = std::count(many.begin(), many.end(), 'y');
  CHECK(hit > 850);
  CHECK(hit < 1150);
}

TEST_CASE("random numbers depend on the number of the call, not on other faults") {
  Faults faults;
  faults.Add({.match = {.client = "other"}});
  faults.Add({.when = {.probability = 0.5, .seed = 7}});
  CHECK(Pattern(faults, 64) == Pattern(FaultWhen{.probability = 0.5, .seed = 7}, 64));
}

TEST_CASE("a delay is fixed, or random within its bounds and reproducible by its seed") {
  CHECK(Delays(25ms, 0, 2) == std::vector<int64_t>{25, 25});
  CHECK(Delays(UniformDelay{10ms, 10ms}, 0, 2) == std::vector<int64_t>{10, 10});
  CHECK(Delays(LognormalDelay{40ms, 0}, 0, 2) == std::vector<int64_t>{40, 40});

  const auto uniform = Delays(UniformDelay{10ms, 19ms}, 3, 500);
  CHECK(uniform == Delays(UniformDelay{10ms, 19ms}, 3, 500));
  CHECK(uniform != Delays(UniformDelay{10ms, 19ms}, 4, 500));
  CHECK(*std::min_element(uniform.begin(), uniform.end()) == 10);
  CHECK(*std::max_element(uniform.begin(), uniform.end()) == 19);

  auto lognormal = Delays(LognormalDelay{100ms, 0.5}, 3, 501);
  CHECK(lognormal == Delays(LognormalDelay{100ms, 0.5}, 3, 501));
  std::sort(lognormal.begin(), lognormal.end());
  CHECK(lognormal[250] > 90);
  CHECK(lognormal[250] < 110);
  CHECK(lognormal.back() > 200);
  for (const int64_t delay : Delays(LognormalDelay{600'000ms, 10}, 3, 100))
    CHECK(delay <= kMaxDelay.count());
}

TEST_CASE("the first fault that selects a call applies; later faults do not count the call") {
  Faults faults;
  const uint64_t second_call = faults.Add({.when = {.calls = {{2, 2}}}});
  const uint64_t other = faults.Add({.match = {.client = "other"}});
  const uint64_t always = faults.Add({});
  CHECK(faults.Match(kCall).value().id == always);
  CHECK(faults.Match(kCall).value().id == second_call);
  CHECK(faults.Match(kCall).value().id == always);

  const auto counts = [&](uint64_t id) {
    const auto report = faults.Find(id).value();
    return std::pair(report.matched, report.applied);
  };
  CHECK(counts(second_call) == std::pair<uint64_t, uint64_t>(3, 1));
  CHECK(counts(other) == std::pair<uint64_t, uint64_t>(0, 0));
  CHECK(counts(always) == std::pair<uint64_t, uint64_t>(2, 2));
}

TEST_CASE("faults are listed in order, found, removed and cleared; ids are not reused") {
  Faults faults;
  CHECK_FALSE(faults.Match(kCall).has_value());
  CHECK(faults.Add({.definition = "a"}) == 1);
  CHECK(faults.Add({.definition = "b"}) == 2);
  REQUIRE(faults.List().size() == 2);
  CHECK(faults.List()[0].fault->definition == "a");
  CHECK(faults.Find(2).value().fault->definition == "b");
  CHECK_FALSE(faults.Find(3).has_value());

  CHECK(faults.Remove(1));
  CHECK_FALSE(faults.Remove(1));
  CHECK(faults.Match(kCall).value().id == 2);
  CHECK(faults.Remove(2));
  CHECK_FALSE(faults.Match(kCall).has_value());

  CHECK(faults.Add({}) == 3);
  CHECK(faults.Add({}) == 4);
  CHECK(faults.Clear() == 2);
  CHECK(faults.Clear() == 0);
  CHECK(faults.List().empty());
  CHECK_FALSE(faults.Match(kCall).has_value());
  CHECK(faults.Add({}) == 5);
  CHECK(faults.Match(kCall).has_value());
}

TEST_CASE("a removed fault still answers a call to which it applied") {
  Faults faults;
  faults.Add({.then = {.answer = http::Response{.status = 503, .body = "busy"}}});
  const auto hit = faults.Match(kCall);
  faults.Clear();
  CHECK(hit.value().Answer().value().body == "busy");
}

TEST_CASE("only an answer and a connection fault replace the gates") {
  CHECK(HitBy({.answer = http::Response{.status = 418}}).Answer().value().status == 418);
  CHECK(HitBy({.connection_fault = http::ConnectionFault::kEmptyResponse}).Answer().has_value());
  CHECK_FALSE(HitBy({.delay = 5ms}).Answer().has_value());
  CHECK_FALSE(HitBy({.body_time = 5ms}).Answer().has_value());
  CHECK_FALSE(HitBy({.tampering = Tampering::kNoBody}).Answer().has_value());
}

TEST_CASE("delay, body time and connection fault become the delivery of a response") {
  http::Response response{.status = 200, .body = "{}"};
  FaultHit hit =
      HitBy({.body_time = 7ms, .connection_fault = http::ConnectionFault::kConnectionReset});
  hit.delay = 5ms;
  ApplyFault(response, hit, kNoon);
  CHECK(response.delivery.delay == 5ms);
  CHECK(response.delivery.body_time == 7ms);
  CHECK(response.delivery.connection_fault == http::ConnectionFault::kConnectionReset);
  CHECK(response.body == "{}");
}

TEST_CASE("tampering changes retry-after") {
  const auto retry_after = [](Tampering tampering, const char* original) {
    return HeaderOf(Tampered(tampering, TooManyRequests(original)), "retry-after");
  };
  CHECK(retry_after(Tampering::kNone, "40") == "40");
  CHECK(retry_after(Tampering::kNoRetryAfter, "40") == "(none)");
  CHECK(retry_after(Tampering::kRetryAfterZero, "40") == "0");
  CHECK(retry_after(Tampering::kRetryAfterDate, "40") == "Tue, 24 Nov 2026 12:00:40 GMT");
  CHECK(retry_after(Tampering::kRetryAfterDate, "Tue, 24 Nov 2026 13:00:00 GMT") ==
        "Tue, 24 Nov 2026 13:00:00 GMT");
  const http::Response tampered = Tampered(Tampering::kRetryAfterZero, TooManyRequests("40"));
  CHECK(tampered.headers.Count("retry-after") == 1);
  CHECK(tampered.body == "{}");
}

TEST_CASE("tampering changes retry-after only of a 429 or where the header exists") {
  const auto retry_after = [](Tampering tampering, http::Response response) {
    return HeaderOf(Tampered(tampering, std::move(response)), "retry-after");
  };
  CHECK(retry_after(Tampering::kRetryAfterZero, {.status = 429}) == "0");
  CHECK(retry_after(Tampering::kRetryAfterDate, {.status = 429}) ==
        "Tue, 24 Nov 2026 12:00:01 GMT");
  CHECK(retry_after(Tampering::kRetryAfterZero, {.status = 200}) == "(none)");
  CHECK(retry_after(Tampering::kRetryAfterZero, {.status = 404}) == "(none)");
  CHECK(
      retry_after(Tampering::kRetryAfterDate, {.status = 503, .headers = {{"retry-after", "9"}}}) ==
      "Tue, 24 Nov 2026 12:00:09 GMT");
}

TEST_CASE("tampering removes or replaces the body of errors only") {
  const http::Response none = Tampered(Tampering::kNoBody, TooManyRequests("40"));
  CHECK(none.body.empty());
  CHECK(HeaderOf(none, "Content-Type") == "(none)");
  CHECK(HeaderOf(none, "retry-after") == "40");

  const http::Response html = Tampered(Tampering::kHtmlBody, TooManyRequests("40"));
  CHECK(html.body.starts_with("<!DOCTYPE html>"));
  CHECK(HeaderOf(html, "Content-Type") == "text/html");
  CHECK(html.headers.Count("Content-Type") == 1);

  for (const Tampering tampering : {Tampering::kNoBody, Tampering::kHtmlBody}) {
    CHECK(Tampered(tampering, {.status = 200, .body = "{}"}).body == "{}");
    CHECK(Tampered(tampering, {.status = 400, .body = "{}"}).body != "{}");
  }
}

TEST_CASE("concurrency: a fault for the first 100 calls applies to exactly 100 of 800") {
  Faults faults;
  const uint64_t id = faults.Add({.when = {.calls = {{.last = 100}}}});
  std::atomic<int> hit{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < 100; ++i) hit += faults.Match(kCall).has_value();
    });
  for (auto& thread : threads) thread.join();
  CHECK(hit == 100);
  CHECK(faults.Find(id).value().applied == 100);
  CHECK(faults.Find(id).value().matched == 800);
}

TEST_CASE("concurrency: faults are added and removed while calls are matched") {
  Faults faults;
  faults.Add({});
  std::atomic<bool> wrong{false};
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < 500; ++i) {
        const auto hit = faults.Match(kCall);
        if (!hit || hit->id != 1) wrong = true;
      }
    });
  threads.emplace_back([&] {
    for (int i = 0; i < 500; ++i) {
      const uint64_t id = faults.Add({});
      if (faults.List().size() != 2 || !faults.Remove(id)) wrong = true;
    }
  });
  for (auto& thread : threads) thread.join();
  CHECK_FALSE(wrong);
  CHECK(faults.Find(1).value().applied == 2000);
}
