// Loss, clipping and Adam by hand.
#include <gtest/gtest.h>

#include <cmath>

#include "engine/training/clipping.h"
#include "engine/training/loss.h"
#include "engine/training/optimizer.h"
#include "tests/engine/support.h"

namespace nullcline {

namespace {

TEST(MeanSquaredError, CountsAllElementsAndSquaresTheMask) {
  // Nine trials, so that one panel is nearly all padding; two steps, one channel.
  TrialSlice slice;
  slice.resize(9, 2, 1, 1);
  slice.y.fill(0);
  slice.mask.fill(0);
  PanelSeries output;
  output.resize(slice.panels(), 2, 1);
  output.fill(7);  // padding has no mask, so what stands there is nothing
  PanelSeries gradient;
  gradient.resize(slice.panels(), 2, 1);
  gradient.fill(99);
  const auto set = [&](int trial, int step, float y, float mask, float found) {
    slice.y.value(trial, step, 0) = y;
    slice.mask.value(trial, step, 0) = mask;
    output.value(trial, step, 0) = found;
  };
  set(0, 0, 1, 1, 3);     // error 2
  set(3, 1, 0, 0.5f, 3);  // error 1.5
  set(8, 0, 2, 2, 1.5f);  // error −1
  const LossFunction loss = mean_squared_error();
  EXPECT_EQ(loss.evaluate(slice, output, 18, nullptr), 4 + 2.25 + 1);
  EXPECT_EQ(loss.evaluate(slice, output, 18, &gradient), 4 + 2.25 + 1);
  EXPECT_FLOAT_EQ(gradient.value(0, 0, 0), 2 * 2 / 18.f);
  EXPECT_FLOAT_EQ(gradient.value(3, 1, 0), 2 * .5f * 1.5f / 18.f);
  EXPECT_FLOAT_EQ(gradient.value(8, 0, 0), 2 * 2 * -1 / 18.f);
  EXPECT_EQ(gradient.value(1, 0, 0), 0);
  for (int padding = 9; padding < 16; ++padding) EXPECT_EQ(gradient.value(padding, 0, 0), 0) << padding;
}

/// Variables a (2 × 2), b (1) and c (3), one after the other.
ParameterLayout three_variables() {
  ParameterLayout layout;
  layout.add_matrix("a", 2, 2);
  layout.add_vector("b", 1);
  layout.add_vector("c", 3);
  return layout;
}

TEST(Clipping, ShortensEachVariableByItself) {
  std::vector<float> gradient = {1, 1, 1, 1, -3, .1f, .2f, .2f};
  clip_per_variable(three_variables(), 1, gradient.data());
  support::expect_same_bits({.5f, .5f, .5f, .5f, -1, .1f, .2f, .2f}, gradient, "clipped to 1");
}

TEST(Clipping, LeavesAGradientOfJustThatLengthAlone) {
  std::vector<float> gradient = {3, 0, 4, 0, 5, 0, -5, 0};
  const auto before = gradient;
  clip_per_variable(three_variables(), 5, gradient.data());
  support::expect_same_bits(before, gradient, "length 5 clipped to 5");
}

TEST(Clipping, LeavesZeroAlone) {
  std::vector<float> gradient(8);
  clip_per_variable(three_variables(), 1, gradient.data());
  support::expect_same_bits(std::vector<float>(8), gradient, "nothing");
}

TEST(Clipping, CanShortenGradientsWhoseSquaresAreBeyondFloat32) {
  std::vector<float> gradient = {3e30f, 0, 4e30f, 0, 0, 0, 0, 0};
  clip_per_variable(three_variables(), 1, gradient.data());
  EXPECT_FLOAT_EQ(gradient[0], .6f);
  EXPECT_FLOAT_EQ(gradient[2], .8f);
}

std::unique_ptr<Optimizer> make_adam(double beta_1, double beta_2, double epsilon) {
  return adam().create({{"type", "Adam"}, {"beta_1", beta_1}, {"beta_2", beta_2}, {"epsilon", epsilon}});
}

/// TensorFlow 1's formula in float64 for one weight.
struct SlowAdam {
  double beta_1, beta_2, epsilon, learning_rate;
  double m = 0, v = 0, weight = 0;
  int t = 0;

  void update(double g) {
    ++t;
    m = beta_1 * m + (1 - beta_1) * g;
    v = beta_2 * v + (1 - beta_2) * g * g;
    weight -= learning_rate * std::sqrt(1 - std::pow(beta_2, t)) / (1 - std::pow(beta_1, t)) * m /
              (std::sqrt(v) + epsilon);
  }
};

TEST(Adam, FollowsItsFormula) {
  support::Numbers numbers(1);
  for (const double epsilon : {1e-8, 1e-2}) {
    const auto optimizer = make_adam(.9, .99, epsilon);
    OptimizerState state = optimizer->initial_state(3);
    std::vector<SlowAdam> slow(3, {.9, .99, epsilon, .01});
    std::vector<float> weights(3);
    for (int t = 0; t < 200; ++t) {
      const auto gradient = numbers.uniforms(3, -.1, .2);
      optimizer->update(.01, gradient.data(), 3, weights.data(), state);
      for (std::size_t i = 0; i < 3; ++i) slow[i].update(gradient[i]);
    }
    for (std::size_t i = 0; i < 3; ++i) EXPECT_NEAR(weights[i], slow[i].weight, 1e-5) << epsilon << ", " << i;
  }
}

TEST(Adam, AddsEpsilonOutsideTheBiasCorrection) {
  const auto optimizer = make_adam(.9, .999, 1e-3);
  OptimizerState state = optimizer->initial_state(1);
  float weight = 0;
  const float gradient = 1e-3f;
  optimizer->update(1, &gradient, 1, &weight, state);
  // m = 1e-4, √v = 1e-3·√.001: rate √.001/.1 · m / (√v + 1e-3). Inside the correction it would be .5.
  EXPECT_NEAR(weight, -std::sqrt(.001) / .1 * 1e-4 / (1e-3 * std::sqrt(.001) + 1e-3), 1e-7);
}

TEST(Adam, FirstStepIsTheLearningRateWhateverTheGradient) {
  for (const float gradient : {.01f, 1.0f, -1000.0f}) {
    const auto optimizer = make_adam(.9, .999, 1e-8);
    OptimizerState state = optimizer->initial_state(1);
    float weight = 0;
    optimizer->update(.01, &gradient, 1, &weight, state);
    EXPECT_NEAR(std::abs(weight), .01, 1e-6) << gradient;
    EXPECT_EQ(weight<0, gradient> 0);
  }
}

TEST(Adam, LeavesWeightsWithoutGradientAlone) {
  const auto optimizer = make_adam(.9, .999, 1e-8);
  OptimizerState state = optimizer->initial_state(1);
  float weight = .25f;
  const float gradient = 0;
  for (int t = 0; t < 10; ++t) optimizer->update(.1, &gradient, 1, &weight, state);
  EXPECT_EQ(weight, .25f);
}

}  // namespace

}  // namespace nullcline
