#include "engine/analysis/accuracy.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/engine/golden.h"
#include "tests/engine/support.h"

namespace nullcline {

namespace {

using support::Golden;
using support::GoldenArray;

/// Trials with a target, a mask and an output, in one or more slices' worth of panels.
struct Scored {
  TrialSlice slice;
  PanelSeries output;

  Scored(const GoldenArray& target, const GoldenArray& mask, const GoldenArray& found) {
    const int trials = target.shape[0], steps = target.shape[1], channels = target.shape[2];
    slice.resize(trials, steps, 1, channels);
    output.resize(slice.panels(), steps, channels);
    slice.y.fill(0);
    slice.mask.fill(0);
    output.fill(0);
    std::size_t i = 0;
    for (int trial = 0; trial < trials; ++trial)
      for (int step = 0; step < steps; ++step)
        for (int channel = 0; channel < channels; ++channel, ++i) {
          slice.y.value(trial, step, channel) = static_cast<float>(target.values[i]);
          slice.mask.value(trial, step, channel) = static_cast<float>(mask.values[i]);
          output.value(trial, step, channel) = static_cast<float>(found.values[i]);
        }
  }

  Accuracy accuracy(Conventions conventions) const {
    Accuracy accuracy;
    const Experiment experiment = support::experiment(support::hello_world());
    add_scores(*experiment.task, slice, output, conventions, accuracy);
    return accuracy;
  }
};

Scored golden_trials(const Golden& golden, int number) {
  const std::string end = std::string("_") + std::to_string(number);
  return {golden.array("correct" + end), golden.array("mask" + end), golden.array("test" + end)};
}

TEST(Accuracy, IsPsychRnnsByItsConventions) {
  const Golden golden("psychrnn_accuracy");
  for (int number = 0; number < golden.number("n"); ++number) {
    const Accuracy accuracy = golden_trials(golden, number).accuracy(Conventions::psychrnn);
    EXPECT_EQ(accuracy.scored, 8) << number;
    EXPECT_EQ(accuracy.share(), golden.number(std::string("acc_") + std::to_string(number))) << number;
  }
}

TEST(Accuracy, LeavesOutTrialsWithAnEmptyMaskByTheStandardConventions) {
  const Golden golden("psychrnn_accuracy");
  for (int number = 0; number < golden.number("n"); ++number) {
    const Accuracy standard = golden_trials(golden, number).accuracy(Conventions::standard);
    const Accuracy psychrnn = golden_trials(golden, number).accuracy(Conventions::psychrnn);
    const int empty = number == 5 ? 1 : 0;  // the one file with an empty mask
    EXPECT_EQ(standard.trials, 8) << number;
    EXPECT_EQ(standard.scored, 8 - empty) << number;
    EXPECT_EQ(standard.correct, psychrnn.correct - empty) << number;
  }
}

/// One trial of one step.
Scored one_moment(std::vector<double> target, std::vector<double> mask, std::vector<double> output) {
  const std::vector<int> shape = {1, 1, static_cast<int>(target.size())};
  return {{shape, std::move(target)}, {shape, std::move(mask)}, {shape, std::move(output)}};
}

TEST(Accuracy, GivesTiesToTheLowestChannel) {
  EXPECT_EQ(one_moment({0, 1, 0}, {1, 1, 1}, {.2, .7, .7}).accuracy(Conventions::standard).correct, 1);
  EXPECT_EQ(one_moment({0, 0, 1}, {1, 1, 1}, {.2, .7, .7}).accuracy(Conventions::standard).correct, 0);
}

TEST(Accuracy, WeighsOutputsByTheMask) {
  EXPECT_EQ(one_moment({1, 0}, {1, .5}, {.5, .9}).accuracy(Conventions::standard).correct, 1);
  EXPECT_EQ(one_moment({1, 0}, {1, 1}, {.5, .9}).accuracy(Conventions::standard).correct, 0);
}

TEST(Accuracy, FindsTheLargestOfNegativeOutputs) {
  EXPECT_EQ(one_moment({0, 1}, {1, 1}, {-3, -2}).accuracy(Conventions::standard).correct, 1);
}

TEST(Accuracy, CountsOutputsBeyondAnyNumberAsWrong) {
  for (const double beyond : {HUGE_VAL, -HUGE_VAL, std::nan("")}) {
    EXPECT_EQ(one_moment({1, 0}, {1, 1}, {beyond, .2}).accuracy(Conventions::standard).correct, 0);
    EXPECT_EQ(one_moment({1, 0}, {1, 1}, {.2, beyond}).accuracy(Conventions::standard).correct, 0);
    EXPECT_EQ(one_moment({1, 0}, {1, 1}, {.2, beyond}).accuracy(Conventions::standard).scored, 1);
  }
}

TEST(Accuracy, IsNotANumberWhenNoTrialAsksForAChoice) {
  const Accuracy accuracy = one_moment({1, 0}, {0, 0}, {1, 0}).accuracy(Conventions::standard);
  EXPECT_EQ(accuracy.trials, 1);
  EXPECT_EQ(accuracy.scored, 0);
  EXPECT_TRUE(std::isnan(accuracy.share()));
}

}  // namespace

}  // namespace nullcline
