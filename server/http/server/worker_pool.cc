#include "http/server/worker_pool.h"

#include <system_error>
#include <thread>

namespace emulator::http::server {

WorkerPool::WorkerPool(size_t most, std::chrono::milliseconds idle)
    : most_(most), idle_time_(idle) {
  const std::lock_guard lock(mutex_);
  StartThread();
}

void WorkerPool::Join() {
  std::unique_lock lock(mutex_);
  ending_ = true;
  changed_.notify_all();
  ended_.wait(lock, [&] { return threads_ == 0; });
}

void WorkerPool::Submit(std::function<void()> job) {
  {
    const std::lock_guard lock(mutex_);
    jobs_.push_back(std::move(job));
    if (jobs_.size() > idle_) {
      if (threads_ < most_)
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
    // The machine gives no more threads: the job waits for one we have.
    if (threads_ == 0) throw;
  }
}

void WorkerPool::Run() {
  std::unique_lock lock(mutex_);
  while (true) {
    ++idle_;
    const bool woken =
        changed_.wait_for(lock, idle_time_, [&] { return ending_ || !jobs_.empty(); });
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
    if (ending_ || (!woken && threads_ > 1)) break;
  }
  if (--threads_ == 0) ended_.notify_all();
}

}  // namespace emulator::http::server
