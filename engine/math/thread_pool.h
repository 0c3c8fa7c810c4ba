#pragma once

#include <functional>
#include <memory>

namespace nullcline {

/// Threads that share out numbered jobs. The calling thread is one of them, so a pool of one starts no
/// thread.
class ThreadPool {
 public:
  /// Starts `threads − 1` threads; fewer where the system gives fewer (see `threads`).
  explicit ThreadPool(int threads);
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  int threads() const;

  /// Runs `job(index, worker)` for every index below `count` and returns when all are done. `worker` is below
  /// `threads()` and no two jobs with the same worker run at once. The first exception of a job is thrown
  /// here.
  void run(int count, const std::function<void(int index, int worker)>& job);

 private:
  struct Shared;
  std::unique_ptr<Shared> shared_;
};

}  // namespace nullcline
