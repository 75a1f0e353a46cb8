#include "world/run_starts.h"

#include <doctest/doctest.h>

using namespace emulator;
using namespace emulator::world;
using namespace std::chrono_literals;

TEST_CASE("a start counts for the requests that arrived before it") {
  const RealTime start(1000h);
  RunStarts starts;
  CHECK_FALSE(starts.HasOneAfter("c", start));
  starts.Add("c", start);
  CHECK(starts.HasOneAfter("c", start - 1ms));
  CHECK_FALSE(starts.HasOneAfter("c", start));
  CHECK_FALSE(starts.HasOneAfter("other", start - 1ms));
  CHECK_FALSE(starts.HasOneAfter("c", RealTime{}));  // a request without an arrival time
  starts.Add("c", start + 1h);
  CHECK(starts.HasOneAfter("c", start));
}
