#include "http/server/worker_pool.h"

#include <atomic>
#include <future>
#include <latch>

#include "support/world.h"

using namespace emulator;
using namespace emulator::http;
using namespace emulator::http::server;
using namespace std::chrono_literals;

TEST_CASE("concurrency: jobs that wait for each other all run, each on its own thread") {
  WorkerPool pool(50);
  std::latch all(50);
  std::promise<void> done;
  for (int i = 0; i < 50; ++i)
    pool.Submit([&] {
      all.arrive_and_wait();
      static std::atomic<int> ended{0};
      if (++ended == 50) done.set_value();
    });
  CHECK(done.get_future().wait_for(10s) == std::future_status::ready);
}

TEST_CASE(
    "concurrency: a job waits if all threads are busy, and the pool reports that it is crowded") {
  WorkerPool pool(1);
  std::promise<void> started, go, second;
  pool.Submit([&] {
    started.set_value();
    go.get_future().wait();
  });
  started.get_future().wait();
  pool.Submit([&] { second.set_value(); });
  CHECK(pool.IsCrowded());
  go.set_value();
  CHECK(second.get_future().wait_for(10s) == std::future_status::ready);
  CHECK_FALSE(pool.IsCrowded());
}

TEST_CASE("concurrency: Join waits for all jobs") {
  std::atomic<int> ran{0};
  {
    WorkerPool pool(4, 1ms);
    for (int i = 0; i < 1000; ++i) pool.Submit([&] { ++ran; });
  }
  CHECK(ran == 1000);
}
