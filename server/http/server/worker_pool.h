// Threads that do jobs, as many as there are jobs to do at once: one is started when a job finds
// none idle, and ends when it has had nothing to do for a while, but for the last one. A job may
// block.
//
// Threads: any, but for construction, Join and destruction.
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
  // `most`: threads at once; a job beyond that waits. `idle`: how long one waits for another job.
  // Throws std::system_error where the machine gives not even one thread.
  explicit WorkerPool(size_t most, std::chrono::milliseconds idle = std::chrono::seconds(5));
  ~WorkerPool() { Join(); }
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  void Submit(std::function<void()> job);

  // Waits for every job that was submitted, and ends the threads. Nothing may be submitted after.
  void Join();

  // True when a job waits for a thread: one that lingers should make room.
  bool IsCrowded() const { return waiting_.load(std::memory_order_relaxed) > 0; }

 private:
  void StartThread();  // REQUIRES: mutex_ held
  void Run();

  const size_t most_;
  const std::chrono::milliseconds idle_time_;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::condition_variable ended_;
  std::deque<std::function<void()>> jobs_;  // guarded by mutex_
  size_t threads_ = 0;                      // guarded by mutex_
  size_t idle_ = 0;                         // guarded by mutex_
  bool ending_ = false;                     // guarded by mutex_
  std::atomic<size_t> waiting_{0};  // jobs_.size() less the idle threads that will take them
};

}  // namespace emulator::http::server
