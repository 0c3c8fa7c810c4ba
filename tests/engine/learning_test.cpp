// The experiment of the introduction, trained to its end.
#include <gtest/gtest.h>

#include "tests/engine/support.h"

namespace nullcline {

namespace {

TEST(HelloWorld, IsLearned) {
  Session session(support::experiment(support::hello_world()), 2);
  const TestResult before = session.test(1000, 0);
  EXPECT_GT(before.loss, .15);
  EXPECT_LT(before.accuracy.share(), .7);
  session.trainer().step({1000, 1e9});
  const Progress progress = session.trainer().progress();
  ASSERT_EQ(progress.state, TrainingState::finished);
  EXPECT_EQ(progress.iteration, 391);
  EXPECT_EQ(progress.history.size(), 39u);
  const TestResult after = session.test(1000, 1);
  EXPECT_EQ(after.accuracy.trials, 1000);
  EXPECT_GE(after.accuracy.share(), .9);
  EXPECT_GT(after.loss, .005);
  EXPECT_LT(after.loss, .03);
}

}  // namespace

}  // namespace nullcline
