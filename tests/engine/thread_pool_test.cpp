#include "engine/math/thread_pool.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <stdexcept>
#include <vector>

namespace nullcline {

namespace {

TEST(ThreadPool, RunsEveryJobOnce) {
  for (const int threads : {1, 2, 3, 5}) {
    ThreadPool pool(threads);
    for (const int count : {1, 2, 4, 5, 6, 1000}) {
      std::vector<std::atomic<int>> runs(static_cast<std::size_t>(count));
      pool.run(count, [&](int index, int) { ++runs[static_cast<std::size_t>(index)]; });
      EXPECT_TRUE(std::all_of(runs.begin(), runs.end(), [](const auto& times) { return times == 1; }))
          << threads << " threads, " << count << " jobs";
    }
  }
}

TEST(ThreadPool, RunsNothingWhenThereIsNothingToRun) {
  ThreadPool pool(3);
  pool.run(0, [](int, int) { FAIL(); });
}

TEST(ThreadPool, GivesNoTwoRunningJobsTheSameWorker) {
  ThreadPool pool(4);
  std::array<std::atomic<bool>, 4> busy = {};
  std::atomic<int> wrong = 0;
  pool.run(2000, [&](int, int worker) {
    if (worker < 0 || worker >= pool.threads()) {
      ++wrong;
      return;
    }
    auto& mine = busy[static_cast<std::size_t>(worker)];
    if (mine.exchange(true)) ++wrong;
    mine = false;
  });
  EXPECT_EQ(wrong, 0);
}

TEST(ThreadPool, HasTheThreadsThatWereAskedForWhereThereAreThreads) {
  EXPECT_EQ(ThreadPool(1).threads(), 1);
  EXPECT_EQ(ThreadPool(4).threads(), NULLCLINE_THREADS ? 4 : 1);
}

TEST(ThreadPool, ThrowsTheExceptionOfAJobOnceAndGoesOn) {
  for (const int threads : {1, 3}) {
    ThreadPool pool(threads);
    std::atomic<int> done = 0;
    const auto job = [&](int index, int) {
      if (index == 5) throw std::runtime_error("job five");
      ++done;
    };
    try {
      pool.run(20, job);
      ADD_FAILURE() << "nothing was thrown";
    } catch (const std::runtime_error& error) {
      EXPECT_STREQ(error.what(), "job five");
    }
    EXPECT_EQ(done, 19);
    EXPECT_NO_THROW(pool.run(5, job));
    EXPECT_EQ(done, 24);
  }
}

TEST(ThreadPool, ThrowsOneOfTheExceptionsWhenEveryJobThrows) {
  ThreadPool pool(3);
  EXPECT_THROW(pool.run(50, [](int index, int) { throw index; }), int);
  EXPECT_NO_THROW(pool.run(1, [](int, int) {}));
}

TEST(ThreadPool, CanBeRunManyTimes) {
  ThreadPool pool(3);
  std::atomic<int> sum = 0;
  for (int round = 0; round < 2000; ++round) pool.run(3, [&](int index, int) { sum += index; });
  EXPECT_EQ(sum, 6000);
}

}  // namespace

}  // namespace nullcline
