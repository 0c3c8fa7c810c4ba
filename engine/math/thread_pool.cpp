#include "engine/math/thread_pool.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

namespace nullcline {

namespace {

/// Waits awake for a moment: between two iterations of training, and for the last slice of one, the wait is
/// shorter than the time that a browser takes to wake a thread.
template <class Condition>
void await_shortly(Condition is_met) {
  using Clock = std::chrono::steady_clock;
  const auto end = Clock::now() + std::chrono::microseconds(500);
  while (!is_met() && Clock::now() < end) {
  }
}

}  // namespace

struct ThreadPool::Shared {
  std::mutex mutex;
  std::condition_variable work_given;
  std::condition_variable work_done;
  const std::function<void(int, int)>* job = nullptr;
  std::atomic<int> next = 0;
  int count = 0;
  // Changed only with the lock, read without it while a thread waits awake.
  std::atomic<int> busy = 0;
  std::atomic<unsigned> round = 0;
  std::atomic<bool> ending = false;
  std::exception_ptr failure;
  std::vector<std::thread> threads;

  void take_jobs(int worker) {
    for (int index = next.fetch_add(1); index < count; index = next.fetch_add(1)) {
      try {
        (*job)(index, worker);
      } catch (...) {
        const std::lock_guard lock(mutex);
        if (!failure) failure = std::current_exception();
      }
    }
  }

  void serve(int worker) {
    unsigned seen = 0;
    const auto is_wanted = [&] { return ending || round != seen; };
    while (true) {
      await_shortly(is_wanted);
      std::unique_lock lock(mutex);
      work_given.wait(lock, is_wanted);
      if (ending) return;
      seen = round;
      lock.unlock();
      take_jobs(worker);
      lock.lock();
      if (--busy == 0) work_done.notify_one();
    }
  }
};

ThreadPool::ThreadPool(int threads) : shared_(std::make_unique<Shared>()) {
  try {
    // Room first: nothing may fail between a thread's start and its place in the list.
    shared_->threads.reserve(static_cast<std::size_t>(std::max(threads, 1)));
    for (int worker = 1; worker < threads; ++worker)
      shared_->threads.emplace_back([shared = shared_.get(), worker] { shared->serve(worker); });
  } catch (const std::exception&) {
    // The system gives no more threads: the run goes on with those there are, to the same results.
  }
}

ThreadPool::~ThreadPool() {
  {
    const std::lock_guard lock(shared_->mutex);
    shared_->ending = true;
  }
  shared_->work_given.notify_all();
  for (std::thread& thread : shared_->threads) thread.join();
}

int ThreadPool::threads() const { return static_cast<int>(shared_->threads.size()) + 1; }

void ThreadPool::run(int count, const std::function<void(int, int)>& job) {
  Shared& shared = *shared_;
  {
    const std::lock_guard lock(shared.mutex);
    shared.job = &job;
    shared.count = count;
    shared.next = 0;
    shared.failure = nullptr;
    shared.busy = static_cast<int>(shared.threads.size());
    ++shared.round;
  }
  shared.work_given.notify_all();
  shared.take_jobs(0);
  await_shortly([&] { return shared.busy == 0; });
  std::unique_lock lock(shared.mutex);
  shared.work_done.wait(lock, [&] { return shared.busy == 0; });
  if (shared.failure) std::rethrow_exception(shared.failure);
}

}  // namespace nullcline
