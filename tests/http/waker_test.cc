#include "http/waker.h"

#include <doctest/doctest.h>

#include <atomic>
#include <thread>
#include <vector>

using namespace emulator;
using namespace emulator::http;

TEST_CASE("each ring is one call") {
  Waker waker;
  int calls = 0;
  waker.SetCallback([&] { ++calls; });
  CHECK(calls == 0);
  waker.Wake();
  CHECK(calls == 1);
  waker.Wake();
  CHECK(calls == 2);
}

TEST_CASE("rings that nobody heard are one call, at once and once") {
  Waker waker;
  waker.Wake();
  waker.Wake();
  int calls = 0;
  waker.SetCallback([&] { ++calls; });
  CHECK(calls == 1);
  int others = 0;
  waker.SetCallback([&] { ++others; });
  CHECK(others == 0);
  waker.Wake();
  CHECK(calls == 1);
  CHECK(others == 1);
}

TEST_CASE("a bell that fell silent calls nobody, and remembers that it was rung") {
  Waker waker;
  int calls = 0;
  waker.SetCallback([&] { ++calls; });
  waker.SetCallback({});
  waker.Wake();
  CHECK(calls == 0);
  waker.SetCallback({});  // hears nothing, so it forgets nothing
  waker.SetCallback([&] { ++calls; });
  CHECK(calls == 1);
}

TEST_CASE("concurrency: no ring is lost, and none calls after the bell fell silent") {
  for (int round = 0; round < 50; ++round) {
    Waker waker;
    std::atomic<int> rings{0};
    std::vector<std::thread> ringers;
    for (int t = 0; t < 3; ++t)
      ringers.emplace_back([&] {
        for (int i = 0; i < 100; ++i) {
          ++rings;
          waker.Wake();
        }
      });
    int calls = 0;  // guarded by the bell
    waker.SetCallback([&] { ++calls; });
    for (auto& ringer : ringers) ringer.join();
    CHECK(calls >= 1);
    CHECK(calls <= rings);
  }
  for (int round = 0; round < 200; ++round) {
    Waker waker;
    std::atomic<bool> started{false};
    std::thread ringer([&] {
      for (int i = 0; i < 100; ++i) {
        waker.Wake();
        started = true;
      }
    });
    {
      std::vector<int> heard;
      waker.SetCallback([&] { heard.push_back(1); });
      while (!started) std::this_thread::yield();
      waker.SetCallback({});
    }  // a later call would write to what is gone: the sanitizers tell
    ringer.join();
  }
}
