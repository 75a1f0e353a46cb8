// Measures the journal: the CPU time of requests with and without it, alternately, in one process
// and without sockets. Prints microseconds per request (with, without, difference), the median of
// rounds.
//
// Usage: bench-journal

#include <fcntl.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <ctime>
#include <memory>

#include "base/embedded.h"
#include "emulator.h"
#include "fixtures/fixture_file.h"

namespace {

using namespace emulator;

constexpr int kRounds = 9, kRequests = 100'000;

double CpuMicroseconds() {
  timespec time{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_nsec) / 1e3;
}

// An emulator without limits and without a log.
struct Measured {
  Measured(const std::shared_ptr<const fixtures::FixtureStore>& seed, size_t journal_bytes)
      : worlds(seed, nullptr,
               {.initial = {.limits_for_all = std::vector<fixtures::RateLimit>{}},
                .journal_bytes = journal_bytes}) {}

  double PerRequest(const http::Request& request) {
    const double start = CpuMicroseconds();
    for (int i = 0; i < kRequests; ++i) emulator.Answer(request);
    return (CpuMicroseconds() - start) / kRequests;
  }

  AccessLog log{::open("/dev/null", O_WRONLY), LogFormat::kOff};
  tokens::Issuer issuer;
  api::Service service{tokens::TokenVerifier(issuer), [](const std::string&) {}};
  oauth::IdentityService identity{issuer, [](const std::string&) {}};
  world::WorldRegistry worlds;
  Emulator emulator{service, identity, worlds, log, {}};
};

}  // namespace

int main() {
  const auto seed = std::make_shared<const fixtures::FixtureStore>(
      fixtures::ReadFixtures({{"data/fixtures.json", std::string(embedded::kDefaultWorld)}}));
  Measured with(seed, 32 << 20), without(seed, 0);
  // Like a client in Node.
  const http::Request request{
      .method = "GET",
      .target = "/export/connections/fc226d0d-1647-48d7-8c11-f1f74f2d9808",
      .headers = {{"Host", "127.0.0.1:8080"},
                  {"Connection", "keep-alive"},
                  {"Authorization", "Bearer reader-token"},
                  {"Accept", "application/vnd.bentley.itwin-platform.v1+json"},
                  {"Accept-Language", "*"},
                  {"Sec-Fetch-Mode", "cors"},
                  {"User-Agent", "node"},
                  {"Accept-Encoding", "gzip, deflate"}}};
  std::array<std::array<double, 3>, kRounds> rounds{};
  for (auto& [on, off, difference] : rounds) {
    on = with.PerRequest(request);
    off = without.PerRequest(request);
    difference = on - off;
  }
  for (size_t column = 0; column < 3; ++column) {
    std::sort(rounds.begin(), rounds.end(),
              [&](const auto& a, const auto& b) { return a[column] < b[column]; });
    std::printf("%.2f%s", rounds[kRounds / 2][column], column < 2 ? " " : "\n");
  }
}
