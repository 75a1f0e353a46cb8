#include "door/bell.h"

#include <doctest/doctest.h>

#include <atomic>
#include <thread>
#include <vector>

using namespace emulator;

TEST_CASE("each ring is one call") {
  Bell bell;
  int calls = 0;
  bell.OnRing([&] { ++calls; });
  CHECK(calls == 0);
  bell.Ring();
  CHECK(calls == 1);
  bell.Ring();
  CHECK(calls == 2);
}

TEST_CASE("rings that nobody heard are one call, at once and once") {
  Bell bell;
  bell.Ring();
  bell.Ring();
  int calls = 0;
  bell.OnRing([&] { ++calls; });
  CHECK(calls == 1);
  int others = 0;
  bell.OnRing([&] { ++others; });
  CHECK(others == 0);
  bell.Ring();
  CHECK(calls == 1);
  CHECK(others == 1);
}

TEST_CASE("a bell that fell silent calls nobody, and remembers that it was rung") {
  Bell bell;
  int calls = 0;
  bell.OnRing([&] { ++calls; });
  bell.OnRing({});
  bell.Ring();
  CHECK(calls == 0);
  bell.OnRing({});  // hears nothing, so it forgets nothing
  bell.OnRing([&] { ++calls; });
  CHECK(calls == 1);
}

TEST_CASE("concurrency: no ring is lost, and none calls after the bell fell silent") {
  for (int round = 0; round < 50; ++round) {
    Bell bell;
    std::atomic<int> rings{0};
    std::vector<std::thread> ringers;
    for (int t = 0; t < 3; ++t)
      ringers.emplace_back([&] {
        for (int i = 0; i < 100; ++i) {
          ++rings;
          bell.Ring();
        }
      });
    int calls = 0;  // guarded by the bell
    bell.OnRing([&] { ++calls; });
    for (auto& ringer : ringers) ringer.join();
    CHECK(calls >= 1);
    CHECK(calls <= rings);
  }
  for (int round = 0; round < 200; ++round) {
    Bell bell;
    std::atomic<bool> started{false};
    std::thread ringer([&] {
      for (int i = 0; i < 100; ++i) {
        bell.Ring();
        started = true;
      }
    });
    {
      std::vector<int> heard;
      bell.OnRing([&] { heard.push_back(1); });
      while (!started) std::this_thread::yield();
      bell.OnRing({});
    }  // a later call would write to what is gone: the sanitizers tell
    ringer.join();
  }
}
