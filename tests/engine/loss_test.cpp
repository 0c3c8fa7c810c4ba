// Losses and their gradients against the formulas in float64.
#include "engine/training/loss.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>

#include "tests/engine/golden.h"
#include "tests/engine/support.h"

namespace nullcline {

namespace {

/// A slice of nine trials, so that one panel is nearly all padding; two steps.
struct Nine {
  explicit Nine(int channels) {
    slice.resize(9, 2, 1, channels);
    slice.y.fill(0);
    slice.mask.fill(0);
    output.resize(slice.panels(), 2, channels);
    output.fill(7);  // padding has no mask, so what stands there is nothing
    gradient.resize(slice.panels(), 2, channels);
    gradient.fill(99);
  }
  void set(int trial, int step, float y, float mask, float found) {
    slice.y.value(trial, step, 0) = y;
    slice.mask.value(trial, step, 0) = mask;
    output.value(trial, step, 0) = found;
  }

  TrialSlice slice;
  PanelSeries output;
  PanelSeries gradient;
};

TEST(MeanSquaredError, CountsAllElementsAndSquaresTheMask) {
  Nine nine(1);
  nine.set(0, 0, 1, 1, 3);     // error 2
  nine.set(3, 1, 0, 0.5f, 3);  // error 1.5
  nine.set(8, 0, 2, 2, 1.5f);  // error −1
  const LossFunction loss = mean_squared_error();
  const PanelSeries& gradient = nine.gradient;
  EXPECT_EQ(loss.evaluate(support::plain_kernels(), nine.slice, nine.output, 18, nullptr), 4 + 2.25 + 1);
  EXPECT_EQ(loss.evaluate(support::plain_kernels(), nine.slice, nine.output, 18, &nine.gradient),
            4 + 2.25 + 1);
  EXPECT_FLOAT_EQ(gradient.value(0, 0, 0), 2 * 2 / 18.f);
  EXPECT_FLOAT_EQ(gradient.value(3, 1, 0), 2 * .5f * 1.5f / 18.f);
  EXPECT_FLOAT_EQ(gradient.value(8, 0, 0), 2 * 2 * -1 / 18.f);
  EXPECT_EQ(gradient.value(1, 0, 0), 0);
  for (int padding = 9; padding < 16; ++padding) EXPECT_EQ(gradient.value(padding, 0, 0), 0) << padding;
}

/// One element of a loss in float64: of output, target and mask.
using Element = std::function<double(double, double, double)>;

double slow_squared_error(double p, double y, double mask) { return std::pow(mask * (p - y), 2); }

/// As PsychRNN's binary_cross_entropy.
double slow_cross_entropy(double p, double y, double mask) {
  constexpr double epsilon = 1e-7;
  const double q = std::min(std::max(p, epsilon), 1 - epsilon);
  return mask * -(y * std::log(q + epsilon) + (1 - y) * std::log(1 - q + epsilon));
}

/// −(y ln σ(z) + (1 − y) ln(1 − σ(z))), each logarithm in a form that keeps its digits.
double slow_cross_entropy_with_logits(double z, double y, double mask) {
  const auto log_sigmoid = [](double s) {
    return s < 0 ? s - std::log1p(std::exp(s)) : -std::log1p(std::exp(-s));
  };
  return mask * -(y * log_sigmoid(z) + (1 - y) * log_sigmoid(-z));
}

/// A loss, its element in float64, and outputs that lie in its range.
struct LossCase {
  LossFunction loss;
  Element element;
  double low, high;
};

/// gtest's name of a case.
void PrintTo(const LossCase& one, std::ostream* out) { *out << one.loss.name; }

class Loss : public testing::TestWithParam<LossCase> {
 protected:
  void SetUp() override {
    support::Numbers numbers(3);
    slice_.resize(13, 5, 1, 3);
    output_.resize(slice_.panels(), 5, 3);
    gradient_.resize(slice_.panels(), 5, 3);
    for (PanelSeries* series : {&slice_.y, &slice_.mask}) series->fill(0);
    output_.fill(.5f);
    for_each([&](int trial, int step, int channel) {
      slice_.y.value(trial, step, channel) = numbers.uniform(0, 1);
      if (numbers.uniform(0, 1) < .5) slice_.y.value(trial, step, channel) = trial % 2 == 0 ? 0 : 1;
      slice_.mask.value(trial, step, channel) = numbers.uniform(0, 1) < .2 ? 0 : numbers.uniform(0, 2);
      output_.value(trial, step, channel) = numbers.uniform(GetParam().low, GetParam().high);
    });
  }

  static void for_each(const std::function<void(int, int, int)>& visit) {
    for (int trial = 0; trial < 13; ++trial)
      for (int step = 0; step < 5; ++step)
        for (int channel = 0; channel < 3; ++channel) visit(trial, step, channel);
  }

  /// Of the loss at one element.
  double slow(int trial, int step, int channel, double moved = 0) const {
    return GetParam().element(output_.value(trial, step, channel) + moved,
                              slice_.y.value(trial, step, channel), slice_.mask.value(trial, step, channel));
  }

  TrialSlice slice_;
  PanelSeries output_;
  PanelSeries gradient_;
};

INSTANTIATE_TEST_SUITE_P(
    Everything, Loss,
    testing::Values(LossCase{mean_squared_error(), slow_squared_error, -3, 3},
                    LossCase{binary_cross_entropy(), slow_cross_entropy, -.2, 1.2},
                    LossCase{binary_cross_entropy(), slow_cross_entropy, .001, .999},
                    LossCase{binary_cross_entropy_with_logits(), slow_cross_entropy_with_logits, -6, 6},
                    LossCase{binary_cross_entropy_with_logits(), slow_cross_entropy_with_logits, -200, 200}));

TEST_P(Loss, IsTheSumOfItsElementsUndivided) {
  double expected = 0;
  for_each([&](int trial, int step, int channel) { expected += slow(trial, step, channel); });
  for (const Kernels* kernels : all_kernels()) {
    const double found = GetParam().loss.evaluate(*kernels, slice_, output_, 195, nullptr);
    EXPECT_NEAR(found, expected, 1e-6 * expected) << kernels->instruction_set;
    EXPECT_EQ(GetParam().loss.evaluate(*kernels, slice_, output_, 1, &gradient_), found);
  }
}

TEST_P(Loss, HasTheGradientThatDifferencesGive) {
  constexpr double step_size = 1e-6, divisor = 195;
  for (const Kernels* kernels : all_kernels()) {
    GetParam().loss.evaluate(*kernels, slice_, output_, divisor, &gradient_);
    for_each([&](int trial, int step, int channel) {
      const double difference =
          (slow(trial, step, channel, step_size) - slow(trial, step, channel, -step_size)) /
          (2 * step_size * divisor);
      EXPECT_NEAR(gradient_.value(trial, step, channel), difference, 1e-5 * std::abs(difference) + 1e-8)
          << output_.value(trial, step, channel) << ", " << slice_.y.value(trial, step, channel);
    });
  }
}

TEST_P(Loss, HasAGradientOfNothingWhereTheMaskIsZero) {
  slice_.mask.fill(0);
  EXPECT_EQ(GetParam().loss.evaluate(support::plain_kernels(), slice_, output_, 1, &gradient_), 0);
  for_each([&](int trial, int step, int channel) { ASSERT_EQ(gradient_.value(trial, step, channel), 0); });
}

TEST_P(Loss, OfAnOutputThatIsNotANumberIsNotANumber) {
  output_.value(4, 2, 1) = std::numeric_limits<float>::quiet_NaN();
  for (const float mask : {0.0f, 1.0f})
    for (const float y : {0.0f, 1.0f}) {
      slice_.mask.value(4, 2, 1) = mask;
      slice_.y.value(4, 2, 1) = y;
      for (const Kernels* kernels : all_kernels()) {
        EXPECT_TRUE(std::isnan(GetParam().loss.evaluate(*kernels, slice_, output_, 1, nullptr)));
        GetParam().loss.evaluate(*kernels, slice_, output_, 1, &gradient_);
        EXPECT_TRUE(std::isnan(gradient_.value(4, 2, 1)));
        EXPECT_TRUE(std::isfinite(gradient_.value(4, 2, 0)));
      }
    }
}

TEST_P(Loss, HasTheSameBitsOnEveryInstructionSetOfOneArithmetic) {
  for (const Kernels* kernels : all_kernels()) {
    const Kernels* first = find_kernels(kernels->arithmetic);
    PanelSeries expected;
    expected.resize(slice_.panels(), 5, 3);
    EXPECT_EQ(GetParam().loss.evaluate(*first, slice_, output_, 7, &expected),
              GetParam().loss.evaluate(*kernels, slice_, output_, 7, &gradient_));
    for_each([&](int trial, int step, int channel) {
      ASSERT_EQ(gradient_.value(trial, step, channel), expected.value(trial, step, channel));
    });
  }
}

/// Value and slope of a loss at one element.
std::pair<double, double> at(const LossFunction& loss, const Kernels& kernels, float p, float y, float mask) {
  Nine nine(1);
  nine.set(0, 0, y, mask, p);
  const double value = loss.evaluate(kernels, nine.slice, nine.output, 1, &nine.gradient);
  return {value, nine.gradient.value(0, 0, 0)};
}

TEST(BinaryCrossEntropy, IsFlatWhereTheOutputIsHeld) {
  for (const Kernels* kernels : all_kernels())
    for (const float y : {0.0f, .25f, 1.0f})
      for (const float p : {-1e30f, -1.0f, 0.0f, 5e-8f, 1.0f, 2.0f, 1e30f}) {
        const auto [value, slope] = at(binary_cross_entropy(), *kernels, p, y, 1);
        EXPECT_NEAR(value, slow_cross_entropy(p, y, 1), 2e-7 * std::abs(value) + 1e-7) << p << ", " << y;
        EXPECT_EQ(slope, 0) << p << ", " << y;
      }
}

TEST(BinaryCrossEntropy, AddsEpsilonInsideOfTheLogarithms) {
  // Held to ε and with ε added: ln 2e-7.
  EXPECT_NEAR(at(binary_cross_entropy(), support::plain_kernels(), -1, 1, 1).first, 15.424948, 2e-6);
  EXPECT_NEAR(at(binary_cross_entropy(), support::plain_kernels(), 2, 0, 1).first, 15.424948, 2e-6);
}

TEST(BinaryCrossEntropy, TakesTheMaskAsAWeight) {
  for (const LossFunction& loss : {binary_cross_entropy(), binary_cross_entropy_with_logits()}) {
    const auto [value, slope] = at(loss, support::plain_kernels(), .3f, 1, 1);
    const auto [weighed_value, weighed_slope] = at(loss, support::plain_kernels(), .3f, 1, .5f);
    EXPECT_FLOAT_EQ(static_cast<float>(weighed_value), static_cast<float>(value / 2));
    EXPECT_FLOAT_EQ(static_cast<float>(weighed_slope), static_cast<float>(slope / 2));
  }
}

TEST(BinaryCrossEntropyWithLogits, OverflowsNowhereAndKeepsSmallLosses) {
  const LossFunction loss = binary_cross_entropy_with_logits();
  for (const Kernels* kernels : all_kernels()) {
    EXPECT_EQ(at(loss, *kernels, 1e30f, 0, 1).first, static_cast<double>(1e30f));
    EXPECT_EQ(at(loss, *kernels, -1e30f, 1, 1).first, static_cast<double>(1e30f));
    EXPECT_EQ(at(loss, *kernels, 1e30f, 0, 1).second, 1);
    EXPECT_EQ(at(loss, *kernels, -1e30f, 1, 1).second, -1);
    // Right and sure of it: e^−30 is far below what float32 can add to 1.
    EXPECT_NEAR(at(loss, *kernels, 30, 1, 1).first, std::exp(-30.0), 1e-6 * std::exp(-30.0));
    EXPECT_NEAR(at(loss, *kernels, -30, 0, 1).first, std::exp(-30.0), 1e-6 * std::exp(-30.0));
    EXPECT_NEAR(at(loss, *kernels, -30, 0, 1).second, std::exp(-30.0), 1e-6 * std::exp(-30.0));
  }
}

TEST(BinaryCrossEntropy, OfPsychRnnsOutputsIsPsychRnns) {
  const support::Golden golden("psychrnn_step_bce");
  const auto outputs = golden.array("outputs"), y = golden.array("y"), mask = golden.array("mask");
  const int trials = outputs.shape[0], steps = outputs.shape[1], channels = outputs.shape[2];
  TrialSlice slice;
  slice.resize(trials, steps, 1, channels);
  PanelSeries output, gradient;
  output.resize(slice.panels(), steps, channels);
  gradient.resize(slice.panels(), steps, channels);
  for (PanelSeries* series : {&slice.y, &slice.mask, &output}) series->fill(0);
  std::size_t i = 0;
  for (int trial = 0; trial < trials; ++trial)
    for (int step = 0; step < steps; ++step)
      for (int channel = 0; channel < channels; ++channel, ++i) {
        slice.y.value(trial, step, channel) = static_cast<float>(y.values[i]);
        slice.mask.value(trial, step, channel) = static_cast<float>(mask.values[i]);
        output.value(trial, step, channel) = static_cast<float>(outputs.values[i]);
      }
  const auto elements = static_cast<double>(outputs.values.size());
  const double loss =
      binary_cross_entropy().evaluate(support::plain_kernels(), slice, output, elements, &gradient) /
      elements;
  EXPECT_NEAR(loss, golden.number("loss_1"), 1e-6);
  // The bias of an output is added to it in every trial and step, so its gradient is the sum of the output's.
  for (int channel = 0; channel < channels; ++channel) {
    double sum = 0;
    for (int trial = 0; trial < trials; ++trial)
      for (int step = 0; step < steps; ++step)
        sum += static_cast<double>(gradient.value(trial, step, channel));
    EXPECT_NEAR(sum, golden.array("grad1_b_out").values[static_cast<std::size_t>(channel)], 1e-6) << channel;
  }
}

TEST(Reduction, DividesByTheElementsOrNotAtAll) {
  EXPECT_EQ(loss_divisor(Reduction::mean, 195), 195);
  EXPECT_EQ(loss_divisor(Reduction::sum, 195), 1);
}

TEST(Reduction, OfTheDocumentScalesLossAndGradient) {
  const Trials trials = support::random_trials({9, 30, 2, 2}, 5);
  const double elements = 9 * 30 * 2;
  for (const LossFunction& loss : loss_functions()) {
    const auto gradient = [&](const char* reduction) {
      const Json changes = {{"training", {{"loss_function", loss.name}, {"reduction", reduction}}}};
      Session session(support::experiment_on(trials, support::hello_world(changes)), 1);
      return session.gradient(trials);
    };
    const BatchGradient mean = gradient("mean"), sum = gradient("sum");
    EXPECT_NEAR(sum.loss, elements * mean.loss, 1e-12 * sum.loss);
    std::vector<double> expected;
    for (const float value : mean.raw) expected.push_back(elements * value);
    support::expect_close(expected, support::floats(sum.raw), 1e-5, loss.name);
  }
}

TEST(Reduction, OfTheDocumentHoldsForTestsToo) {
  const auto loss = [](const char* reduction) {
    Session session(support::experiment(support::odd_sizes({{"training", {{"reduction", reduction}}}})), 1);
    return session.test(20, 0).loss;
  };
  const double elements = 20 * 40 * 2;
  EXPECT_NEAR(loss("sum"), elements * loss("mean"), 1e-9 * loss("sum"));
}

}  // namespace

}  // namespace nullcline
