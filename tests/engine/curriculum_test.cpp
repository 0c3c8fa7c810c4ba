// What ends a stage or a run: curricula, cutoffs, checkpoints, the number of iterations.
#include "engine/training/curriculum.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/engine/support.h"

namespace nullcline {

namespace {

using support::odd_sizes;

/// Three stages of different length with these thresholds of the accuracy.
Json with_curriculum(const std::vector<double>& thresholds, const Json& changes = Json::object()) {
  Json curriculum = {{"metric_epoch", 3}, {"stages", Json::array()}};
  for (std::size_t i = 0; i < thresholds.size(); ++i)
    curriculum["stages"].push_back(
        {{"task", {{"T", 400 + 100 * static_cast<int>(i)}}}, {"threshold", thresholds[i]}});
  curriculum.update(changes);
  return odd_sizes({{"curriculum", curriculum}});
}

TEST(Curriculum, GoesOnAtEachMeasurementThatIsPassedAndEndsTheRun) {
  Session session(support::experiment(with_curriculum({0, 0, 0})), 1);
  const Trainer& trainer = session.trainer();
  for (int iteration = 1; iteration <= 9; ++iteration) {
    EXPECT_EQ(trainer.task().N_steps(), 20 + 5 * trainer.progress().stage) << iteration;
    EXPECT_NE(trainer.progress().state, TrainingState::finished) << iteration;
    support::train(session, 1);
    EXPECT_EQ(trainer.progress().stage, iteration / 3);
  }
  EXPECT_EQ(trainer.progress().stages, 3);
  EXPECT_EQ(trainer.progress().state, TrainingState::finished);
  support::train(session, 5);
  EXPECT_EQ(trainer.progress().iteration, 9);
  const auto& metrics = trainer.snapshot().curriculum.metrics;
  ASSERT_EQ(metrics.size(), 3u);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(metrics[static_cast<std::size_t>(i)].stage, i);
    EXPECT_EQ(metrics[static_cast<std::size_t>(i)].iteration, 3 * (i + 1));
    EXPECT_TRUE(metrics[static_cast<std::size_t>(i)].earlier.empty());
  }
}

TEST(Curriculum, StaysWhereTheThresholdIsNotReached) {
  Session session(support::experiment(with_curriculum({0, 1, 0})), 1);
  support::train(session, 20);
  EXPECT_EQ(session.trainer().progress().stage, 1);
  EXPECT_EQ(session.trainer().progress().iteration, 20);
  EXPECT_EQ(session.trainer().snapshot().curriculum.metrics.size(), 6u);
}

TEST(Curriculum, NeverGoesBack) {
  for (unsigned seed = 0; seed < 12; ++seed) {
    support::Numbers numbers(seed);
    // Thresholds about the chance level, which an untrained network passes now and then.
    std::vector<double> thresholds;
    for (int i = 0; i < 4; ++i) thresholds.push_back(numbers.uniform(.3, .6));
    Json document = with_curriculum(
        thresholds, {{"metric_epoch", 1 + seed % 3}, {"check_earlier_stages", seed % 2 == 0}});
    document["seed"] = seed;
    Session session(support::experiment(document), 1);
    int stage = 0;
    for (int iteration = 0; iteration < 25; ++iteration) {
      support::train(session, 1);
      const int now = session.trainer().progress().stage;
      ASSERT_TRUE(now == stage || now == stage + 1) << "seed " << seed;
      stage = now;
    }
    int before = 0;
    for (const MetricPoint& point : session.trainer().snapshot().curriculum.metrics) {
      EXPECT_GE(point.stage, before);
      EXPECT_EQ(point.iteration % (1 + static_cast<int>(seed) % 3), 0);
      EXPECT_EQ(point.earlier.size(), seed % 2 == 0 ? static_cast<std::size_t>(point.stage) : 0u);
      before = point.stage;
    }
  }
}

TEST(Curriculum, GoesOnOnlyWhileEarlierStagesArePassedWhereTheyAreChecked) {
  Curriculum curriculum;
  for (const double threshold : {.6, .7, .8})
    curriculum.stages.push_back({nullptr, accuracy_measure(), threshold});
  CurriculumState state;
  EXPECT_TRUE(record_metric(curriculum, 1, .6, {}, state));
  EXPECT_FALSE(record_metric(curriculum, 2, .9, {.59}, state));
  EXPECT_TRUE(record_metric(curriculum, 3, .7, {.6}, state));
  EXPECT_FALSE(record_metric(curriculum, 4, .9, {.7, .69}, state));
  EXPECT_FALSE(record_metric(curriculum, 5, .9, {std::nan(""), .9}, state));
  EXPECT_FALSE(record_metric(curriculum, 6, std::nan(""), {.9, .9}, state));
  EXPECT_TRUE(record_metric(curriculum, 7, .8, {.6, .7}, state));
  EXPECT_EQ(state.stage, 3);
  EXPECT_EQ(state.metrics.size(), 7u);
}

TEST(Curriculum, OfALossIsPassedFromAbove) {
  Curriculum curriculum;
  curriculum.stages.push_back({nullptr, loss_measure(), .1});
  CurriculumState state;
  EXPECT_FALSE(record_metric(curriculum, 1, .11, {}, state));
  EXPECT_TRUE(record_metric(curriculum, 2, .1, {}, state));
}

TEST(Curriculum, StagesMayHaveAMetricOfTheirOwn) {
  Json document = with_curriculum({0, 1e6, 1});
  Json& metric = document["curriculum"]["stages"][1]["metric"];
  metric = "loss";
  Session session(support::experiment(document), 1);
  support::train(session, 20);
  // Any accuracy passes the first, any loss the second, and none the third.
  EXPECT_EQ(session.trainer().snapshot().curriculum.stage, 2);
  metric = "speed";
  const auto problems = support::problems_of(document);
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_EQ(problems[0].path, "curriculum.stages[1].metric");
}

TEST(Curriculum, MayChangeToAnotherTask) {
  Json document = with_curriculum({0});
  document["curriculum"]["stages"].push_back(
      {{"task", {{"type", "DelayedDiscrimination"}, {"T", 600}}}, {"threshold", 0}});
  Session session(support::experiment(document), 2);
  support::train(session, 3);
  EXPECT_EQ(session.trainer().task().N_steps(), 30);
  EXPECT_EQ(session.trainer().task().trial_parameters().size(),
            support::experiment(support::hello_world({{"task", {{"type", "DelayedDiscrimination"}}}}))
                .task->trial_parameters()
                .size());
  support::train(session, 3);
  EXPECT_EQ(session.trainer().progress().state, TrainingState::finished);
}

TEST(Curriculum, BeginsAnewWithAReset) {
  Session session(support::experiment(with_curriculum({0, 0, 1})), 1);
  support::train(session, 8);
  const std::string hash = session.hash();
  EXPECT_EQ(session.trainer().progress().stage, 2);
  session.trainer().reset();
  EXPECT_EQ(session.trainer().progress().stage, 0);
  EXPECT_TRUE(session.trainer().snapshot().curriculum.metrics.empty());
  support::train(session, 8);
  EXPECT_EQ(session.hash(), hash);
}

TEST(Curriculum, OfOneStageThatIsTheTaskTrainsAsWithoutOne) {
  Json document = odd_sizes();
  Session without(support::experiment(document), 1);
  document["curriculum"] = {{"metric_epoch", 2}, {"stages", {{{"task", Json::object()}, {"threshold", 1}}}}};
  Session with(support::experiment(document), 1);
  support::train(without, 7);
  support::train(with, 7);
  EXPECT_EQ(with.hash(), without.hash());
  EXPECT_EQ(with.trainer().snapshot().curriculum.metrics.size(), 3u);
}

struct Cutoff {
  const char* name;
  const char* measure;
  double value;
  bool is_reached;
};

void PrintTo(const Cutoff& cutoff, std::ostream* out) { *out << cutoff.name; }

class PerformanceCutoff : public testing::TestWithParam<Cutoff> {};

INSTANTIATE_TEST_SUITE_P(Values, PerformanceCutoff,
                         testing::Values(Cutoff{"AccuracyReached", "accuracy", 0, true},
                                         Cutoff{"AccuracyNotReached", "accuracy", 1, false},
                                         Cutoff{"LossReached", "loss", 1e6, true},
                                         Cutoff{"LossNotReached", "loss", 0, false}),
                         [](const auto& test) { return std::string(test.param.name); });

TEST_P(PerformanceCutoff, EndsTheRunAtTheMeasurementThatReachesIt) {
  const Json training = {{"iterations", 10},
                         {"performance_measure", GetParam().measure},
                         {"performance_cutoff", GetParam().value},
                         {"performance_epoch", 4}};
  Session session(support::experiment(odd_sizes({{"training", training}})), 1);
  support::train(session, 3);
  EXPECT_TRUE(std::isnan(session.trainer().progress().performance));
  support::train(session, 100);
  const Progress progress = session.trainer().progress();
  EXPECT_EQ(progress.state, TrainingState::finished);
  EXPECT_EQ(progress.iteration, GetParam().is_reached ? 4 : 10);
  EXPECT_EQ(progress.cutoff_reached, GetParam().is_reached);
  EXPECT_FALSE(std::isnan(progress.performance));
  EXPECT_TRUE(progress.performance <= 1 || GetParam().measure == std::string("loss"));
  session.trainer().reset();
  EXPECT_FALSE(session.trainer().progress().cutoff_reached);
  EXPECT_TRUE(std::isnan(session.trainer().progress().performance));
}

TEST(PerformanceCutoff, MeasuringChangesNoWeights) {
  const auto hash = [](const Json& training) {
    Session session(support::experiment(odd_sizes({{"training", training}})), 1);
    support::train(session, 7);
    return session.hash();
  };
  EXPECT_EQ(hash({{"performance_cutoff", 1}, {"performance_epoch", 1}}), hash(Json::object()));
}

TEST(Checkpoints, AStepEndsWhereWeightsAreToBeSaved) {
  Session session(support::experiment(
                      odd_sizes({{"training", {{"save_training_weights_epoch", 4}, {"iterations", 10}}}})),
                  1);
  EXPECT_FALSE(session.trainer().progress().is_checkpoint) << "nothing is trained yet";
  std::vector<int> stops;
  std::vector<bool> flags;
  while (session.trainer().progress().state != TrainingState::finished) {
    support::train(session, 100);
    stops.push_back(session.trainer().progress().iteration);
    flags.push_back(session.trainer().progress().is_checkpoint);
    ASSERT_LE(stops.size(), 10u);
  }
  EXPECT_EQ(stops, (std::vector<int>{4, 8, 10}));
  EXPECT_EQ(flags, (std::vector<bool>{true, true, false}));
}

TEST(Checkpoints, ChangeNoWeights) {
  Session with(support::experiment(odd_sizes({{"training", {{"save_training_weights_epoch", 3}}}})), 1);
  Session without(support::experiment(odd_sizes()), 1);
  while (with.trainer().progress().iteration < 10)
    support::train(with, 10 - with.trainer().progress().iteration);
  support::train(without, 10);
  EXPECT_EQ(with.hash(), without.hash());
}

TEST(Iterations, MoreOfThemGoOnToTheBitsOfALongerRun) {
  Session longer(support::experiment(odd_sizes({{"training", {{"iterations", 12}}}})), 1);
  Session shorter(support::experiment(odd_sizes({{"training", {{"iterations", 5}}}})), 1);
  support::train(longer, 100);
  support::train(shorter, 100);
  EXPECT_EQ(shorter.trainer().progress().iteration, 5);
  EXPECT_EQ(shorter.trainer().progress().state, TrainingState::finished);
  shorter.trainer().set_iterations(12);
  EXPECT_EQ(shorter.trainer().progress().state, TrainingState::training);
  EXPECT_EQ(shorter.trainer().progress().iterations, 12);
  support::train(shorter, 100);
  EXPECT_EQ(shorter.trainer().progress().iteration, 12);
  EXPECT_EQ(shorter.hash(), longer.hash());
}

}  // namespace

}  // namespace nullcline
