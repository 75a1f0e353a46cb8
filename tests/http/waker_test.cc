#include "http/waker.h"

#include <doctest/doctest.h>

#include <atomic>
#include <thread>
#include <vector>

using namespace emulator;
using namespace emulator::http;

TEST_CASE("each wake-up is one call") {
  Waker waker;
  int calls = 0;
  waker.SetCallback([&] { ++calls; });
  CHECK(calls == 0);
  waker.Wake();
  CHECK(calls == 1);
  waker.Wake();
  CHECK(calls == 2);
}

TEST_CASE("recorded wake-ups are one call, at once") {
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

TEST_CASE("a waker without a callback records wake-ups") {
  Waker waker;
  int calls = 0;
  waker.SetCallback([&] { ++calls; });
  waker.SetCallback({});
  waker.Wake();
  CHECK(calls == 0);
  waker.SetCallback({});  // keeps the record
  waker.SetCallback([&] { ++calls; });
  CHECK(calls == 1);
}

TEST_CASE("concurrency: no wake-up is lost, and none calls a removed callback") {
  for (int round = 0; round < 50; ++round) {
    Waker waker;
    std::atomic<int> wakeups{0};
    std::vector<std::thread> threads;
    for (int t = 0; t < 3; ++t)
      threads.emplace_back([&] {
        for (int i = 0; i < 100; ++i) {
          ++wakeups;
          waker.Wake();
        }
      });
    int calls = 0;  // guarded by the waker
    waker.SetCallback([&] { ++calls; });
    for (auto& thread : threads) thread.join();
    CHECK(calls >= 1);
    CHECK(calls <= wakeups);
  }
  for (int round = 0; round < 200; ++round) {
    Waker waker;
    std::atomic<bool> started{false};
    std::thread thread([&] {
      for (int i = 0; i < 100; ++i) {
        waker.Wake();
        started = true;
      }
    });
    {
      std::vector<int> recorded;
      waker.SetCallback([&] { recorded.push_back(1); });
      while (!started) std::this_thread::yield();
      waker.SetCallback({});
    }  // a later call would use freed memory, which the sanitizers report
    thread.join();
  }
}
