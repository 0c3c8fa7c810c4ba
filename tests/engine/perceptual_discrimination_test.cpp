// Perceptual discrimination and given trials.
#include "engine/tasks/task.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "engine/tasks/given_trials.h"
#include "tests/engine/golden.h"
#include "tests/engine/support.h"

namespace nullcline {

namespace {

using support::Golden;
using support::hello_world;

/// Places in this task's trial parameters.
enum : std::size_t { coherence, direction, stim_noise, onset_time, stim_duration };

std::vector<float> floats(const support::GoldenArray& array) { return array.floats(); }

Json golden_document(const Golden& golden) {
  return hello_world(
      {{"task", {{"dt", golden.number("dt")}, {"tau", golden.number("tau")}, {"T", golden.number("T")}}}});
}

class GoldenTrials : public testing::TestWithParam<int> {
 protected:
  Golden golden_{"psychrnn_task_pd_" + std::to_string(GetParam())};
};

INSTANTIATE_TEST_SUITE_P(PerceptualDiscrimination, GoldenTrials, testing::Range(0, 4));

TEST_P(GoldenTrials, AreMadeExactly) {
  const Session session(support::experiment(golden_document(golden_)), 1);
  TrialRequest request;
  request.params = golden_.json("params");
  request.count = static_cast<int>(request.params.size());
  request.noise = false;
  const Trials trials = session.draw(request);
  ASSERT_EQ(trials.N_steps, golden_.number("N_steps"));
  EXPECT_EQ(trials.x, floats(golden_.array("x")));
  EXPECT_EQ(trials.y, floats(golden_.array("y")));
  EXPECT_EQ(trials.mask, floats(golden_.array("mask")));
}

TEST_P(GoldenTrials, HaveNoNoiseWhenItsStrengthIsZero) {
  const Session session(support::experiment(golden_document(golden_)), 1);
  TrialRequest request;
  request.params = golden_.json("params");
  request.count = static_cast<int>(request.params.size());
  for (Json& trial : request.params) trial["stim_noise"] = 0;
  EXPECT_EQ(session.draw(request).x, floats(golden_.array("x")));
}

TEST_P(GoldenTrials, FixTheScaleOfTheNoise) {
  const Experiment experiment = support::experiment(golden_document(golden_));
  const double deviation = experiment.task->noise_deviation({0, 0, .1, 0, 0});
  EXPECT_NEAR(deviation, golden_.number("noise_sd_at_stim_noise_0p1"), 1e-15);
  const auto clean = golden_.array("x"), noisy = golden_.array("noisy_x0"),
             normals = golden_.array("noisy_z0");
  for (std::size_t i = 0; i < noisy.values.size(); ++i)
    ASSERT_NEAR(clean.values[i] + deviation * normals.values[i], noisy.values[i], 1e-14) << i;
}

TEST(PerceptualDiscrimination, NoiseOfDrawnTrialsHasItsScale) {
  const Session session(support::experiment(hello_world()), 1);
  TrialRequest request;
  request.count = 200;
  const Trials noisy = session.draw(request);
  request.noise = false;
  const Trials clean = session.draw(request);
  double squares = 0;
  for (std::size_t i = 0; i < noisy.x.size(); ++i) squares += std::pow(noisy.x[i] - clean.x[i], 2);
  const auto count = static_cast<double>(noisy.x.size());
  EXPECT_NEAR(squares / count, .0447213595 * .0447213595, .002 * 4 * std::sqrt(2 / count));
  EXPECT_EQ(noisy.y, clean.y);
  EXPECT_EQ(noisy.mask, clean.mask);
}

TEST(PerceptualDiscrimination, StepsAreTheTrialDividedByTheTimeStepRoundedUp) {
  struct Case {
    double T, dt;
    int steps;
  };
  for (const Case& given : {Case{2000, 10, 200},
                            {1000, 15, 67},
                            {1, 3, 1},
                            {9, 3, 3},
                            {9.01, 3, 4},
                            {.7, .1, 7},
                            {.3, .1, 3},
                            {1.1, .1, 11},
                            {150.5, .25, 602}}) {
    const Experiment experiment =
        support::experiment(hello_world({{"task", {{"T", given.T}, {"dt", given.dt}}}}));
    EXPECT_EQ(experiment.task->N_steps(), given.steps) << given.T << " / " << given.dt;
  }
}

/// Parameters of many trials of a document with those changes to its task.
std::vector<TrialParameters> drawn(const Json& task, const Json& changes = Json::object()) {
  Json document = hello_world(changes);
  document["task"].update(task);
  document["task"]["T"] = 40;  // short, to be fast: 4 steps
  const Session session(support::experiment(document), 1);
  TrialRequest request;
  request.count = 20000;
  return session.draw(request).parameters;
}

std::map<double, int> counts(const std::vector<TrialParameters>& trials, std::size_t parameter) {
  std::map<double, int> found;
  for (const TrialParameters& trial : trials) ++found[trial[parameter]];
  return found;
}

/// Mean, and share above the mean, of exponentially distributed coherences: within four standard errors.
void expect_exponential(const std::vector<TrialParameters>& trials, double mean) {
  double sum = 0, above = 0;
  for (const TrialParameters& trial : trials) {
    sum += trial[coherence];
    above += trial[coherence] > mean ? 1 : 0;
  }
  const auto count = static_cast<double>(trials.size());
  EXPECT_NEAR(sum / count, mean, 4 * mean / std::sqrt(count));
  EXPECT_NEAR(above / count, std::exp(-1), 4 * .482 / std::sqrt(count));
}

TEST(PerceptualDiscrimination, CoherenceIsExponentialByTheStandardConventions) {
  expect_exponential(drawn(Json::object()), 0.2);
}

TEST(PerceptualDiscrimination, CoherenceIsOneOfFourByPsychRnnsConventions) {
  const auto found = counts(drawn(Json::object(), {{"conventions", "psychrnn"}}), coherence);
  ASSERT_EQ(found.size(), 4u);
  for (const double value : {.1, .3, .5, .7}) EXPECT_NEAR(found.at(value), 5000, 4 * 61.2) << value;
}

TEST(PerceptualDiscrimination, CoherenceCanBeANumber) {
  EXPECT_EQ(counts(drawn({{"coherence", 0.25}}), coherence), (std::map<double, int>{{0.25, 20000}}));
}

TEST(PerceptualDiscrimination, CoherenceCanBeOneOfAList) {
  const auto found = counts(drawn({{"coherence", {0.05, 0.4}}}), coherence);
  ASSERT_EQ(found.size(), 2u);
  EXPECT_NEAR(found.at(0.05), 10000, 4 * 70.7);
}

TEST(PerceptualDiscrimination, CoherenceCanBeExponentialWithAGivenMean) {
  expect_exponential(drawn({{"coherence", {{"exponential", 0.5}}}}), 0.5);
}

TEST(PerceptualDiscrimination, DirectionIsDrawnOrAsGiven) {
  EXPECT_NEAR(counts(drawn(Json::object()), direction).at(1), 10000, 4 * 70.7);
  for (const int given : {0, 1})
    EXPECT_EQ(counts(drawn({{"direction", given}}), direction), (std::map<double, int>{{given, 20000}}));
}

TEST(PerceptualDiscrimination, FixingOneParameterLeavesTheOthersAsTheyWere) {
  const auto free = drawn(Json::object());
  for (const Json& fixed :
       {Json{{"coherence", 0.25}}, Json{{"coherence", {0.05, 0.4}}}, Json{{"direction", 1}}}) {
    const auto found = drawn(fixed);
    for (std::size_t i = 0; i < free.size(); ++i) {
      ASSERT_EQ(found[i][onset_time], free[i][onset_time]);
      ASSERT_EQ(found[i][stim_duration], free[i][stim_duration]);
      const std::size_t other = fixed.contains("coherence") ? direction : coherence;
      ASSERT_EQ(found[i][other], free[i][other]);
    }
  }
}

TEST(PerceptualDiscrimination, TimesCoverTheirRanges) {
  const auto trials = drawn(Json::object());  // T is 40
  const auto range = [&](std::size_t parameter) {
    const auto [low, high] =
        std::minmax_element(trials.begin(), trials.end(),
                            [&](const auto& a, const auto& b) { return a[parameter] < b[parameter]; });
    return std::pair{(*low)[parameter], (*high)[parameter]};
  };
  const auto [first_onset, last_onset] = range(onset_time);
  EXPECT_GE(first_onset, 0);
  EXPECT_LT(first_onset, .01);
  EXPECT_GT(last_onset, 19.99);
  EXPECT_LT(last_onset, 20);
  const auto [shortest, longest] = range(stim_duration);
  EXPECT_GE(shortest, 5);
  EXPECT_LT(shortest, 5.01);
  EXPECT_GT(longest, 14.99);
  EXPECT_LT(longest, 15);
}

TEST(PerceptualDiscrimination, EpochsFollowOneAnotherThroughTheTrial) {
  const Experiment experiment = support::experiment(hello_world());
  const auto epochs = experiment.task->epochs({.1, 0, .1, 500, 300});
  ASSERT_EQ(epochs.size(), 3u);
  EXPECT_EQ(epochs.front().from, 0);
  EXPECT_EQ(epochs.back().to, 2000);
  for (std::size_t i = 1; i < epochs.size(); ++i) EXPECT_EQ(epochs[i].from, epochs[i - 1].to);
}

TEST(PerceptualDiscrimination, EveryParameterOfATrialHasANameAndAValue) {
  const Experiment experiment = support::experiment(hello_world());
  const auto& names = experiment.task->trial_parameters();
  Draws draws(1, Purpose::trial_parameters, 0, 0);
  EXPECT_EQ(experiment.task->draw(draws).size(), names.size());
  for (const TrialParameter& parameter : names) EXPECT_FALSE(parameter.help.empty()) << parameter.name;
}

TEST(GivenTrials, ComeInOrderAndCycle) {
  const Trials five = support::random_trials({5, 3, 2, 1}, 1);
  const auto task = given_trials({5, 3, 2, 1, five.x, five.y, five.mask}, 10, 100, /*N_batch=*/2);
  std::vector<double> order;
  for (std::uint32_t iteration = 0; iteration < 4; ++iteration)
    for (std::uint32_t trial = 0; trial < 2; ++trial) {
      Draws draws(1, Purpose::trial_parameters, iteration, trial);
      order.push_back(task->draw(draws).at(0));
    }
  EXPECT_EQ(order, (std::vector<double>{0, 1, 2, 3, 4, 0, 1, 2}));
}

TEST(GivenTrials, AreHandedOutAsTheyAre) {
  const Trials given = support::random_trials({21, 7, 3, 2}, 1);
  const Session session(support::experiment_on(given, hello_world()), 1);
  TrialRequest request;
  request.count = 21;
  const Trials drawn = session.draw(request);
  EXPECT_EQ(drawn.N_steps, 7);
  EXPECT_EQ(drawn.x, given.x);
  EXPECT_EQ(drawn.y, given.y);
  EXPECT_EQ(drawn.mask, given.mask);
}

}  // namespace

}  // namespace nullcline
