// Learning-rate schedules at chosen iterations.
#include "engine/training/schedule.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/engine/support.h"

namespace nullcline {

namespace {

/// The training section with that schedule, for a run of 400 iterations at a learning rate of .5.
TrainingParameters with_schedule(const Json& schedule) {
  const Json training = {{"iterations", 400}, {"learning_rate", .5}, {"schedule", schedule}};
  return std::move(support::experiment(support::hello_world({{"training", training}})).training);
}

double factor(const Json& schedule, int iteration) {
  return with_schedule(schedule).schedule->factor(iteration);
}

TEST(Schedule, IsConstantUnlessTheDocumentSaysOtherwise) {
  const Experiment experiment = support::experiment(support::hello_world());
  EXPECT_EQ(experiment.document["training"]["schedule"], Json({{"type", "constant"}, {"warm_up", 0}}));
  for (const int iteration : {0, 1, 390, 100000000})
    EXPECT_EQ(experiment.training.learning_rate_at(iteration), .001);
}

TEST(Schedule, ScalesTheLearningRate) {
  const TrainingParameters training = with_schedule({{"type", "step"}, {"factor", .5}, {"every", 10}});
  EXPECT_EQ(training.learning_rate_at(9), .5);
  EXPECT_EQ(training.learning_rate_at(10), .25);
}

TEST(Schedule, BeginsWithTheWholeLearningRate) {
  for (const ScheduleType& type : schedule_types())
    EXPECT_EQ(factor({{"type", type.name}}, 0), 1) << type.name;
}

TEST(Schedule, NeverRisesWithoutWarmUp) {
  for (const ScheduleType& type : schedule_types()) {
    const auto schedule = std::move(with_schedule({{"type", type.name}}).schedule);
    for (int t = 1; t < 500; ++t) ASSERT_LE(schedule->factor(t), schedule->factor(t - 1)) << type.name << t;
  }
}

TEST(ExponentialSchedule, FallsByItsRateOverItsSteps) {
  const Json schedule = {{"type", "exponential"}, {"decay_rate", .96}, {"decay_steps", 100}};
  for (const int t : {1, 50, 100, 200, 399, 1000, 100000})
    EXPECT_NEAR(factor(schedule, t), std::pow(.96, t / 100.0), 1e-13) << t;
  EXPECT_EQ(factor({{"type", "exponential"}, {"decay_rate", 1}}, 12345), 1);
  EXPECT_EQ(factor({{"type", "exponential"}, {"decay_rate", 1e-10}, {"decay_steps", 1}}, 100000000), 0);
}

TEST(CosineSchedule, FallsOverTheRunToItsFinalShare) {
  const Json schedule = {{"type", "cosine"}, {"final", .1}};
  const auto exact = [](int t) { return .1 + .9 * (1 + std::cos(std::acos(-1) * t / 400)) / 2; };
  for (const int t : {1, 50, 100, 200, 300, 399}) EXPECT_NEAR(factor(schedule, t), exact(t), 1e-15) << t;
  EXPECT_DOUBLE_EQ(factor(schedule, 200), .55);
  for (const int t : {400, 401, 100000000}) EXPECT_EQ(factor(schedule, t), .1) << t;
  EXPECT_EQ(factor({{"type", "cosine"}}, 400), 0);
}

TEST(CosineSchedule, FallsOverGivenIterations) {
  const Json schedule = {{"type", "cosine"}, {"decay_steps", 100}};
  EXPECT_NEAR(factor(schedule, 50), .5, 1e-15);
  EXPECT_EQ(factor(schedule, 100), 0);
}

TEST(StepSchedule, FallsAtOnceAgainAndAgain) {
  const Json schedule = {{"type", "step"}, {"factor", .1}, {"every", 100}};
  EXPECT_EQ(factor(schedule, 99), 1);
  EXPECT_EQ(factor(schedule, 100), .1);
  EXPECT_EQ(factor(schedule, 199), .1);
  EXPECT_NEAR(factor(schedule, 200), .01, 1e-17);
  EXPECT_NEAR(factor(schedule, 1234), 1e-12, 1e-26);
  EXPECT_EQ(factor(schedule, 100000000), 0);
}

TEST(WarmUp, RisesInAStraightLineOverEverySchedule) {
  for (const ScheduleType& type : schedule_types()) {
    const auto plain = std::move(with_schedule({{"type", type.name}}).schedule);
    const auto warm = std::move(with_schedule({{"type", type.name}, {"warm_up", 20}}).schedule);
    for (int t = 0; t < 500; ++t)
      ASSERT_DOUBLE_EQ(warm->factor(t), std::min(1.0, (t + 1) / 20.0) * plain->factor(t)) << type.name << t;
  }
  EXPECT_EQ(factor({{"type", "constant"}, {"warm_up", 4}}, 0), .25);
  EXPECT_EQ(factor({{"type", "constant"}, {"warm_up", 4}}, 3), 1);
  EXPECT_EQ(factor({{"type", "constant"}, {"warm_up", 1}}, 0), 1);
}

/// With gradient descent an update is the learning rate times the gradient, which tells the rate.
TEST(Schedule, IsWhatTheTrainerFollows) {
  const Trials trials = support::random_trials({16, 20, 2, 2}, 3);
  const Json training = {{"optimizer", {{"type", "SGD"}}},
                         {"learning_rate", .25},
                         {"clip_grads", false},
                         {"schedule", {{"type", "step"}, {"factor", .5}, {"every", 2}, {"warm_up", 2}}}};
  Session session(support::experiment_on(trials, support::hello_world({{"training", training}})), 1);
  for (const double rate : {.125, .25, .125, .125, .0625}) {
    const BatchGradient gradient = session.gradient(trials);
    std::vector<float> expected = support::floats(session.trainer().raw_weights());
    for (std::size_t i = 0; i < expected.size(); ++i)
      expected[i] -= static_cast<float>(rate) * gradient.raw[i];
    session.trainer().step({1, 1e9});
    support::expect_same_bits(expected, support::floats(session.trainer().raw_weights()), "weights");
  }
}

}  // namespace

}  // namespace nullcline
