#include "http/server/worker_pool.h"

#include <system_error>
#include <thread>

namespace emulator::http::server {

WorkerPool::WorkerPool(size_t max_threads, std::chrono::milliseconds idle)
    : max_threads_(max_threads), idle_time_(idle) {
  const std::lock_guard lock(mutex_);
  StartThread();
}

void WorkerPool::Join() {
  std::unique_lock lock(mutex_);
  is_joining_ = true;
  changed_.notify_all();
  ended_.wait(lock, [&] { return threads_ == 0; });
}

void WorkerPool::Submit(std::function<void()> job) {
  {
    const std::lock_guard lock(mutex_);
    jobs_.push_back(std::move(job));
    if (jobs_.size() > idle_) {
      if (threads_ < max_threads_)
        StartThread();
      else
        waiting_.store(jobs_.size() - idle_, std::memory_order_relaxed);
      return;
    }
  }
  changed_.notify_one();
}

void WorkerPool::StartThread() {
  try {
    std::thread([this] { Run(); }).detach();
    ++threads_;
  } catch (const std::system_error&) {
    // No more threads: the job waits for an existing one.
    if (threads_ == 0) throw;
  }
}

void WorkerPool::Run() {
  std::unique_lock lock(mutex_);
  while (true) {
    ++idle_;
    const bool woken =
        changed_.wait_for(lock, idle_time_, [&] { return is_joining_ || !jobs_.empty(); });
    --idle_;
    if (!jobs_.empty()) {
      const auto job = std::move(jobs_.front());
      jobs_.pop_front();
      waiting_.store(jobs_.size() > idle_ ? jobs_.size() - idle_ : 0, std::memory_order_relaxed);
      lock.unlock();
      job();
      lock.lock();
      continue;
    }
    if (is_joining_ || (!woken && threads_ > 1)) break;
  }
  if (--threads_ == 0) ended_.notify_all();
}

}  // namespace emulator::http::server
