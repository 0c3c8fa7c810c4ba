// The trainer: counting, recording, divergence.
#include "engine/training/trainer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "tests/engine/support.h"

namespace nullcline {

namespace {

using support::hello_world;
using support::odd_sizes;

int iterations_of(const Json& changes) {
  return support::experiment(hello_world(changes)).training.iterations;
}

TEST(Iterations, AreTheTrialsDividedByTheBatchRoundedUp) {
  EXPECT_EQ(iterations_of(Json::object()), 391);  // 50000 / 128
  EXPECT_EQ(iterations_of({{"training", {{"training_iters", 50048}}}}), 391);
  EXPECT_EQ(iterations_of({{"training", {{"training_iters", 50049}}}}), 392);
  EXPECT_EQ(iterations_of({{"training", {{"training_iters", 1}}}}), 1);
  EXPECT_EQ(iterations_of({{"training", {{"training_iters", 0}}}}), 0);
  EXPECT_EQ(iterations_of({{"training", {{"training_iters", 1000000000}}}, {"task", {{"N_batch", 1}}}}),
            1000000000);
}

TEST(Iterations, AreThoseGivenWhereTheyAreGiven) {
  EXPECT_EQ(iterations_of({{"training", {{"iterations", 7}}}}), 7);
  EXPECT_EQ(iterations_of({{"training", {{"iterations", 0}, {"training_iters", 50000}}}}), 0);
}

TEST(Trainer, IsFinishedAtOnceWhenThereIsNothingToDo) {
  Session session(support::experiment(odd_sizes({{"training", {{"iterations", 0}}}})), 1);
  const std::string before = session.hash();
  support::train(session, 5);
  EXPECT_EQ(session.trainer().progress().state, TrainingState::finished);
  EXPECT_EQ(session.trainer().progress().iteration, 0);
  EXPECT_EQ(session.hash(), before);
}

TEST(Trainer, GoesFromReadyOverTrainingToFinishedAndStaysThere) {
  Session session(support::experiment(odd_sizes({{"training", {{"iterations", 6}}}})), 1);
  Trainer& trainer = session.trainer();
  EXPECT_EQ(to_string(trainer.progress().state), "ready");
  EXPECT_TRUE(std::isnan(trainer.progress().batch_loss));
  support::train(session, 4);
  EXPECT_EQ(to_string(trainer.progress().state), "training");
  EXPECT_EQ(trainer.progress().iteration, 4);
  EXPECT_EQ(trainer.progress().iterations, 6);
  EXPECT_EQ(trainer.progress().trials, 4 * 37);
  support::train(session, 4);
  EXPECT_EQ(to_string(trainer.progress().state), "finished");
  EXPECT_EQ(trainer.progress().iteration, 6);
  const std::string finished = session.hash();
  support::train(session, 4);
  EXPECT_EQ(session.hash(), finished);
  EXPECT_FALSE(trainer.progress().problem);
}

TEST(Trainer, RunsOneIterationEvenWhenThereIsNoTime) {
  Session session(support::experiment(odd_sizes()), 1);
  session.trainer().step({100, 0});
  EXPECT_EQ(session.trainer().progress().iteration, 1);
}

TEST(Trainer, RunsNothingWhenNoIterationIsAskedFor) {
  Session session(support::experiment(odd_sizes()), 1);
  session.trainer().step({0, 1e9});
  EXPECT_EQ(session.trainer().progress().state, TrainingState::ready);
}

TEST(Trainer, RecordsLossAndAccuracyEveryLossEpoch) {
  Session session(support::experiment(odd_sizes({{"training", {{"loss_epoch", 4}}}})), 1);
  support::train(session, 19);
  const auto& history = session.trainer().progress().history;
  ASSERT_EQ(history.size(), 4u);
  for (std::size_t i = 0; i < history.size(); ++i) {
    EXPECT_EQ(history[i].iteration, 4 * (static_cast<int>(i) + 1));
    EXPECT_GT(history[i].loss, 0);
    EXPECT_GE(history[i].accuracy, 0);
    EXPECT_LE(history[i].accuracy, 1);
  }
}

TEST(Trainer, RecordsTheLossAfterTheUpdateOnTheSameBatch) {
  const Trials trials = support::random_trials({21, 30, 2, 2}, 1);
  Session session(
      support::experiment_on(trials, hello_world({{"training", {{"loss_epoch", 1}, {"iterations", 3}}}})), 2);
  for (int iteration = 1; iteration <= 3; ++iteration) {
    const double before = session.gradient(trials).loss;
    support::train(session, 1);
    const Progress progress = session.trainer().progress();
    EXPECT_EQ(progress.batch_loss, before) << iteration;
    EXPECT_EQ(progress.history.back().loss, session.gradient(trials).loss) << iteration;
    EXPECT_LT(progress.history.back().loss, before) << iteration;
  }
}

TEST(Trainer, RecordingChangesNoWeights) {
  Session often(support::experiment(odd_sizes({{"training", {{"loss_epoch", 1}}}})), 1);
  Session never(support::experiment(odd_sizes({{"training", {{"loss_epoch", 1000}}}})), 1);
  support::train(often, 10);
  support::train(never, 10);
  EXPECT_EQ(often.hash(), never.hash());
  EXPECT_TRUE(never.trainer().progress().history.empty());
}

TEST(Trainer, StartsAnewFromGivenWeights) {
  Session session(support::experiment(odd_sizes()), 1);
  support::train(session, 5);
  const FloatBuffer given = session.trainer().raw_weights();
  const std::string hash = session.hash();
  session.trainer().set_weights(given);
  EXPECT_EQ(session.trainer().progress().iteration, 0);
  EXPECT_TRUE(session.trainer().progress().history.empty());
  EXPECT_EQ(session.hash(), hash);
  support::train(session, 3);
  session.trainer().reset();
  EXPECT_EQ(session.hash(), hash) << "given weights are what a reset goes back to";
}

TEST(Trainer, ClipsOnlyWhereClippingIsOn) {
  const Trials trials = support::random_trials({8, 20, 2, 2}, 1);
  for (const bool clip : {true, false}) {
    Session session(
        support::experiment_on(
            trials, hello_world({{"training", {{"clip_grads", clip}, {"clip", {{"norm", 1e-4}}}}}})),
        1);
    const BatchGradient gradient = session.gradient(trials);
    EXPECT_EQ(support::floats(gradient.raw) == support::floats(gradient.clipped), !clip);
  }
}

/// A linear network that grows beyond float32: after some good iterations by learning too fast, or before the
/// first by its initial weights.
Json explosive(double learning_rate, double spec_rad = 1.1) {
  return odd_sizes(
      {{"arithmetic", "plain"},
       {"task", {{"T", 1990}}},
       {"network",
        {{"transfer_function", "identity"},
         {"initializer", {{"type", "GaussianSpectralRadius"}, {"spec_rad", spec_rad}}}}},
       {"training", {{"learning_rate", learning_rate}, {"clip_grads", false}, {"loss_epoch", 1}}}});
}

/// Diverges after two good iterations.
Json too_fast() { return explosive(.7); }

bool all_finite(const FloatBuffer& block) {
  return std::all_of(block.begin(), block.end(), [](float value) { return std::isfinite(value); });
}

TEST(Divergence, StopsTheRunAndKeepsTheLastGoodWeights) {
  Session session(support::experiment(too_fast()), 2);
  support::train(session, 1000);
  const Progress progress = session.trainer().progress();
  ASSERT_EQ(progress.state, TrainingState::diverged);
  ASSERT_GT(progress.iteration, 0);
  ASSERT_LT(progress.iteration, 100);
  EXPECT_TRUE(all_finite(session.trainer().raw_weights()));
  for (const FloatBuffer& block : session.trainer().snapshot().optimizer.blocks)
    EXPECT_TRUE(all_finite(block));
  // Good weights are those of a run that has not diverged yet: the same number of iterations gives them
  // again.
  Session again(support::experiment(too_fast()), 2);
  support::train(again, progress.iteration);
  EXPECT_EQ(again.trainer().progress().state, TrainingState::training);
  EXPECT_EQ(again.hash(), session.hash());
}

TEST(Divergence, OfTheFirstUpdateGoesBackToTheInitialWeights) {
  Session session(support::experiment(explosive(10)), 1);
  const std::string initial = session.hash();
  support::train(session, 1000);
  EXPECT_EQ(session.trainer().progress().state, TrainingState::diverged);
  EXPECT_EQ(session.trainer().progress().iteration, 0);
  EXPECT_EQ(session.hash(), initial);
}

TEST(Divergence, IsExplainedWithItsIteration) {
  Session session(support::experiment(too_fast()), 1);
  support::train(session, 1000);
  const Progress progress = session.trainer().progress();
  ASSERT_TRUE(progress.problem);
  EXPECT_EQ(progress.problem->code, "diverged");
  EXPECT_NE(progress.problem->message.find("iteration " + std::to_string(progress.iteration + 1)),
            std::string::npos)
      << progress.problem->message;
  EXPECT_FALSE(progress.problem->hint.empty());
}

TEST(Divergence, LeavesNoRecordOfLaterIterationsThanTheWeights) {
  Session session(support::experiment(too_fast()), 1);
  support::train(session, 1000);
  const Progress progress = session.trainer().progress();
  ASSERT_EQ(progress.state, TrainingState::diverged);
  for (const HistoryPoint& point : progress.history) EXPECT_LE(point.iteration, progress.iteration);
}

TEST(Divergence, EndsTheRunUntilAReset) {
  Session session(support::experiment(too_fast()), 1);
  support::train(session, 1000);
  const std::string kept = session.hash();
  const int iteration = session.trainer().progress().iteration;
  support::train(session, 5);
  EXPECT_EQ(session.hash(), kept);
  EXPECT_EQ(session.trainer().progress().iteration, iteration);
  session.trainer().reset();
  EXPECT_EQ(session.trainer().progress().state, TrainingState::ready);
  EXPECT_FALSE(session.trainer().progress().problem);
  support::train(session, 1);
  EXPECT_EQ(session.trainer().progress().iteration, 1);
}

TEST(Divergence, BeforeTheFirstUpdateKeepsTheInitialWeights) {
  Session session(support::experiment(explosive(.001, /*spec_rad=*/100)), 1);
  const std::string initial = session.hash();
  support::train(session, 5);
  EXPECT_EQ(session.trainer().progress().state, TrainingState::diverged);
  EXPECT_EQ(session.trainer().progress().iteration, 0);
  EXPECT_EQ(session.hash(), initial);
}

TEST(Divergence, AfterNewWeightsDoesNotBringBackThoseOfAnEarlierRun) {
  Session session(support::experiment(odd_sizes()), 1);
  support::train(session, 5);
  FloatBuffer bad = session.trainer().raw_weights();
  bad.fill(std::numeric_limits<float>::max());
  session.trainer().set_weights(bad);
  const std::string given = session.hash();
  support::train(session, 1);
  EXPECT_EQ(session.trainer().progress().state, TrainingState::diverged);
  EXPECT_EQ(session.trainer().progress().iteration, 0);
  EXPECT_EQ(session.hash(), given);
}

TEST(Divergence, AfterARestoreKeepsTheRestoredWeights) {
  Session session(support::experiment(odd_sizes()), 1);
  support::train(session, 5);
  TrainingSnapshot snapshot = session.trainer().snapshot();
  support::train(session, 5);
  snapshot.raw.fill(std::numeric_limits<float>::max());
  session.trainer().restore(snapshot);
  const std::string restored = session.hash();
  support::train(session, 1);
  EXPECT_EQ(session.trainer().progress().state, TrainingState::diverged);
  EXPECT_EQ(session.trainer().progress().iteration, 5);
  EXPECT_EQ(session.hash(), restored);
}

}  // namespace

}  // namespace nullcline
