// Own trials as a task.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/engine/memory_files.h"
#include "tests/engine/support.h"

namespace nullcline {

namespace {

Json trials_document(const Json& task = Json::object(), const Json& changes = Json::object()) {
  Json document = {{"nullcline", 1},
                   {"task", {{"type", "Trials"}, {"file", "trials.npz"}, {"dt", 20}}},
                   {"network", {{"type", "Basic"}, {"N_rec", 7}}}};
  document["task"].update(task);
  document.update(changes);
  return document;
}

/// Six trials with three inputs and one output.
Trials six_trials() { return support::random_trials({6, 11, 3, 1}, 4); }

Experiment experiment_of(const Json& document, const Trials& trials = six_trials()) {
  support::MemoryFiles files;
  files.add_trials("trials.npz", trials);
  return support::experiment(document, files);
}

int drawn_index(const Task& task, std::uint32_t iteration, std::uint32_t trial) {
  Draws draws(1, Purpose::trial_parameters, iteration, trial);
  return static_cast<int>(task.draw(draws)[0]);
}

TEST(OwnTrials, SayHowManyInputsOutputsAndStepsThereAre) {
  const Experiment experiment = experiment_of(trials_document());
  EXPECT_EQ(experiment.task->N_in(), 3);
  EXPECT_EQ(experiment.task->N_out(), 1);
  EXPECT_EQ(experiment.task->N_steps(), 11);
  EXPECT_EQ(experiment.task->dt(), 20);
  EXPECT_EQ(experiment.network->N_in(), 3);
  EXPECT_EQ(experiment.network->N_out(), 1);
}

TEST(OwnTrials, OfOneOutputAskForNoChoice) {
  for (const char* conventions : {"standard", "psychrnn"}) {
    Session session(experiment_of(trials_document(Json::object(), {{"conventions", conventions}})), 1);
    const bool is_standard = std::string(conventions) == "standard";
    const nullcline::Run run = session.run(session.draw({}));
    for (const Score score : run.scores)
      EXPECT_EQ(score, is_standard ? Score::no_choice_asked : Score::correct) << conventions;
  }
}

/// Where the document is refused; empty where it is not.
std::string refused_at(const Json& document, const Trials& trials = six_trials()) {
  try {
    experiment_of(document, trials);
    return "";
  } catch (const Failure& failure) {
    return failure.problem().path;
  }
}

TEST(OwnTrials, OfOneOutputHaveNoAccuracyToReach) {
  const auto with_training = [](Json training, const Json& changes = Json::object()) {
    Json document = trials_document(Json::object(), changes);
    document["training"] = std::move(training);
    return document;
  };
  const Json accuracy = {{"performance_cutoff", .9}};
  const Json loss = {{"performance_cutoff", .9}, {"performance_measure", "loss"}};
  EXPECT_EQ(refused_at(with_training(accuracy)), "training.performance_measure");
  EXPECT_EQ(refused_at(with_training(loss)), "");
  EXPECT_EQ(refused_at(with_training(accuracy, {{"conventions", "psychrnn"}})), "");
  EXPECT_EQ(refused_at(with_training(accuracy), support::random_trials({6, 11, 3, 2}, 4)), "");

  Json stages = {{"stages", {{{"task", Json::object()}}}}};
  EXPECT_EQ(refused_at(trials_document(Json::object(), {{"curriculum", stages}})), "curriculum.metric");
  stages["stages"][0]["metric"] = "accuracy";
  EXPECT_EQ(refused_at(trials_document(Json::object(), {{"curriculum", stages}})),
            "curriculum.stages[0].metric");
  stages["stages"][0]["metric"] = "loss";
  EXPECT_EQ(refused_at(trials_document(Json::object(), {{"curriculum", stages}})), "");
}

TEST(OwnTrials, AreLearnedAllAtATimeUnlessToldOtherwise) {
  const Experiment experiment = experiment_of(trials_document());
  ASSERT_EQ(experiment.task->N_batch(), 6);
  for (std::uint32_t iteration : {0u, 1u, 7u})
    for (std::uint32_t trial = 0; trial < 6; ++trial)
      EXPECT_EQ(drawn_index(*experiment.task, iteration, trial), static_cast<int>(trial));
}

TEST(OwnTrials, AreLearnedInOrderOverAndOver) {
  const Experiment experiment = experiment_of(trials_document({{"N_batch", 4}}));
  ASSERT_EQ(experiment.task->N_batch(), 4);
  int next = 0;
  for (std::uint32_t iteration = 0; iteration < 10; ++iteration)
    for (std::uint32_t trial = 0; trial < 4; ++trial, next = (next + 1) % 6)
      EXPECT_EQ(drawn_index(*experiment.task, iteration, trial), next) << iteration;
}

TEST(OwnTrials, MayBeFewerThanABatch) {
  const Experiment experiment = experiment_of(trials_document({{"N_batch", 20}}));
  for (std::uint32_t trial = 0; trial < 20; ++trial)
    EXPECT_EQ(drawn_index(*experiment.task, 0, trial), static_cast<int>(trial % 6));
}

TEST(OwnTrials, AreDrawnAsTheyStandInTheFile) {
  const Trials trials = six_trials();
  const Session session(experiment_of(trials_document()), 1);
  TrialRequest request;
  request.count = 3;
  request.params = Json::parse(R"([{"index": 5}, {"index": 0}, {"index": 3}])");
  const Trials drawn = session.draw(request);
  int place = 0;
  for (const int number : {5, 0, 3}) {
    const Trials one = support::part_of(trials, number, 1), found = support::part_of(drawn, place++, 1);
    EXPECT_EQ(found.x, one.x) << number;
    EXPECT_EQ(found.y, one.y) << number;
    EXPECT_EQ(found.mask, one.mask) << number;
  }
}

TEST(OwnTrials, AreLearned) {
  const Trials trials = six_trials();
  Session session(experiment_of(trials_document(
                      Json::object(), {{"training", {{"iterations", 60}, {"learning_rate", .02}}}})),
                  2);
  const double before = session.gradient(trials).loss;
  session.trainer().step({60, 1e9});
  EXPECT_EQ(session.trainer().progress().state, TrainingState::finished);
  EXPECT_EQ(session.trainer().progress().trials, 360);
  EXPECT_LT(session.gradient(trials).loss, .5 * before);
}

TEST(OwnTrials, AnIterationLearnsItsPartOfThem) {
  // With N_batch 2 the second iteration learns trials 2 and 3, as a run on those alone does from there.
  const Trials trials = six_trials();
  const Json training = {
      {"training", {{"iterations", 10}, {"optimizer", {{"type", "SGD"}, {"momentum", 0}}}}}};
  Session all(experiment_of(trials_document({{"N_batch", 2}}, training)), 1);
  all.trainer().step({1, 1e9});
  Session two(experiment_of(trials_document(Json::object(), training), support::part_of(trials, 2, 2)), 1);
  two.trainer().set_weights(all.trainer().raw_weights());
  all.trainer().step({1, 1e9});
  two.trainer().step({1, 1e9});
  EXPECT_EQ(all.hash(), two.hash());
  EXPECT_EQ(all.trainer().progress().batch_loss, two.trainer().progress().batch_loss);
}

std::vector<Problem> problems_of(const Json& document, const std::vector<NamedArray>& arrays) {
  support::MemoryFiles files;
  files.add("trials.npz", arrays);
  return support::problems_of(document, files);
}

NamedArray array(const char* key, const Shape& shape, float value) {
  return support::named_array(key, shape, std::vector<float>(values_in(shape), value));
}

TEST(OwnTrials, WhoseMaskIsZeroEverywhereAreRefused) {
  const auto problems = problems_of(
      trials_document(), {array("x", {2, 5, 1}, 1), array("y", {2, 5, 1}, 1), array("mask", {2, 5, 1}, 0)});
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_EQ(problems[0].code, "empty_mask");
  EXPECT_EQ(problems[0].path, "trials.npz: mask");
}

TEST(OwnTrials, WhoseMaskIsBelowZeroAreRefused) {
  const auto problems = problems_of(
      trials_document(), {array("x", {2, 5, 1}, 1), array("y", {2, 5, 1}, 1), array("mask", {2, 5, 1}, -4)});
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_EQ(problems[0].code, "out_of_range");
  EXPECT_EQ(problems[0].message,
            "trials.npz: mask must be 0 or more everywhere; found -4 (value 0, counted from 0).");
}

TEST(OwnTrials, ThatAreTooLargeForSinglePrecisionAreToldSo) {
  const NamedArray x = {"x", {{1, 2, 1}, std::vector<double>{1, 1e300}}};
  const auto problems =
      problems_of(trials_document(), {x, array("y", {1, 2, 1}, 1), array("mask", {1, 2, 1}, 1)});
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_NE(problems[0].message.find("too large for single precision, above 3.4e38 (value 1,"),
            std::string::npos)
      << problems[0].message;
}

TEST(OwnTrials, ThatDoNotFitOneAnotherAreRefused) {
  struct Bad {
    std::vector<NamedArray> arrays;
    const char* code;
    const char* path;
    std::vector<std::string> told;
  };
  const Shape good = {2, 5, 1};
  for (const Bad& bad :
       {Bad{{array("x", good, 1), array("y", good, 1)}, "missing_array", "trials.npz: mask", {"x, y"}},
        Bad{{array("y", good, 1), array("mask", good, 1)}, "missing_array", "trials.npz: x", {"y, mask"}},
        Bad{{array("x", {2, 5}, 1), array("y", good, 1), array("mask", good, 1)},
            "wrong_shape",
            "trials.npz: x",
            {"(trials, steps, channels)", "(2, 5)"}},
        Bad{{array("x", {2, 4, 1}, 1), array("y", good, 1), array("mask", good, 1)},
            "wrong_shape",
            "trials.npz: y",
            {"(2, 4, 1)", "(2, 5, 1)"}},
        Bad{{array("x", good, 1), array("y", good, 1), array("mask", {2, 5, 2}, 1)},
            "wrong_shape",
            "trials.npz: mask",
            {"(2, 5, 1)", "(2, 5, 2)"}},
        Bad{{array("x", {0, 5, 1}, 1), array("y", {0, 5, 1}, 1), array("mask", {0, 5, 1}, 1)},
            "wrong_shape",
            "trials.npz: x",
            {"(0, 5, 1)"}}}) {
    const auto problems = problems_of(trials_document(), bad.arrays);
    ASSERT_EQ(problems.size(), 1u) << bad.path;
    EXPECT_EQ(problems[0].code, bad.code) << problems[0].message;
    EXPECT_EQ(problems[0].path, bad.path) << problems[0].message;
    for (const std::string& text : bad.told)
      EXPECT_NE(problems[0].message.find(text), std::string::npos) << problems[0].message;
  }
}

TEST(OwnTrials, OfAFileThatIsNotThereAreRefused) {
  const auto problems = support::problems_of(trials_document());
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_EQ(problems[0].path, "task.file");
  EXPECT_NE(problems[0].message.find("trials.npz"), std::string::npos) << problems[0].message;
}

}  // namespace

}  // namespace nullcline
