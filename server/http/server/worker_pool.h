// A thread pool that grows with the number of concurrent jobs: it starts a thread when a job finds
// none idle, and ends a thread, except the last one, after a while without jobs. Jobs may block.
//
// Threads: any; construct, Join and destroy from one thread.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>

namespace emulator::http::server {

class WorkerPool {
 public:
  // `max_threads`: further jobs wait. `idle`: how long a thread waits for another job.
  // Throws std::system_error if not even one thread can be started.
  explicit WorkerPool(size_t max_threads, std::chrono::milliseconds idle = std::chrono::seconds(5));
  ~WorkerPool() { Join(); }
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  void Submit(std::function<void()> job);

  // Waits for all submitted jobs, and ends the threads. REQUIRES: no Submit afterwards.
  void Join();

  // True if a job waits for a thread: then no thread should wait for input.
  bool IsCrowded() const { return waiting_.load(std::memory_order_relaxed) > 0; }

 private:
  void StartThread();  // REQUIRES: mutex_ held
  void Run();

  const size_t max_threads_;
  const std::chrono::milliseconds idle_time_;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::condition_variable ended_;
  std::deque<std::function<void()>> jobs_;  // guarded by mutex_
  size_t threads_ = 0;                      // guarded by mutex_
  size_t idle_ = 0;                         // guarded by mutex_
  bool is_joining_ = false;                 // guarded by mutex_
  std::atomic<size_t> waiting_{0};  // jobs_.size() minus the idle threads that will run them
};

}  // namespace emulator::http::server
