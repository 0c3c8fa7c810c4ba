// Back-propagation through time: against the slow one in float64, and against differences of the loss.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <tuple>

#include "engine/training/backpropagation.h"
#include "tests/engine/reference.h"
#include "tests/engine/support.h"

namespace nullcline {

namespace {

using support::Reference;

/// Sizes of a network and of the trials it is tried on.
struct Sizes {
  int N_in, N_rec, N_out, count, steps;
};

/// Steps around the block of 25, trials around the panel and the slice, units around the tile.
const std::vector<Sizes> many_sizes = {{1, 1, 1, 1, 1},  {1, 2, 3, 3, 2},   {2, 5, 1, 8, 24},
                                       {3, 6, 2, 9, 25}, {2, 7, 2, 16, 26}, {4, 13, 3, 17, 51}};

using StepCase = std::tuple<std::string, double, Sizes>;

std::string name_of_step(const testing::TestParamInfo<StepCase>& test) {
  const auto& [function, rec_noise, sizes] = test.param;
  return function + (rec_noise > 0 ? "_noisy_" : "_quiet_") + std::to_string(sizes.N_rec) + "_units";
}

class Gradient : public testing::TestWithParam<StepCase> {
 protected:
  void SetUp() override {
    const auto& [function, rec_noise, sizes] = GetParam();
    const auto seed = static_cast<unsigned>(sizes.N_rec * 100 + sizes.steps);
    trials_ = support::random_trials(
        {sizes.count, sizes.steps, sizes.N_in, sizes.N_out, rec_noise > 0 ? sizes.N_rec : 0}, seed);
    document_ = support::hello_world(
        {{"seed", seed},
         {"task", {{"dt", 15}, {"tau", 60}}},
         {"network", {{"N_rec", sizes.N_rec}, {"transfer_function", function}, {"rec_noise", rec_noise}}}});
  }

  /// Weights with biases, which drawn ones do not have.
  FloatBuffer random_weights(std::size_t count) const {
    support::Numbers numbers(17);
    FloatBuffer raw(count);
    for (float& weight : raw) weight = numbers.uniform(-.5, .5);
    return raw;
  }

  Trials trials_;
  Json document_;
};

INSTANTIATE_TEST_SUITE_P(Everything, Gradient,
                         testing::Combine(testing::Values("relu", "tanh", "sigmoid", "identity"),
                                          testing::Values(0.0, 0.2), testing::ValuesIn(many_sizes)),
                         name_of_step);

TEST_P(Gradient, AgreesWithTheSlowOne) {
  for (const std::string& arithmetic : support::arithmetics()) {
    document_["arithmetic"] = arithmetic;
    Session session(support::experiment_on(trials_, document_), 2);
    const FloatBuffer raw = random_weights(session.trainer().raw_weights().size());
    session.trainer().set_weights(raw);
    const BatchGradient found = session.gradient(trials_);
    const std::vector<double> weights(raw.begin(), raw.end());
    const Reference reference(session.experiment());
    const double loss = reference.loss(weights, trials_);
    EXPECT_NEAR(found.loss, loss, 1e-5 * loss);
    const auto expected = reference.gradient(weights, trials_);
    const ParameterLayout& layout = session.experiment().network->layout();
    for (const Variable& variable : layout.variables()) {
      const auto from = expected.begin() + static_cast<std::ptrdiff_t>(variable.offset);
      support::expect_close({from, from + static_cast<std::ptrdiff_t>(variable.size())},
                            support::part_of(layout, variable.name, found.raw), 1e-4,
                            arithmetic + " gradient of " + variable.name);
    }
  }
}

/// The slow gradient itself, held to differences of the slow loss along every axis.
TEST_P(Gradient, OfTheSlowOneIsTheDifferenceOfItsLoss) {
  const Experiment experiment = support::experiment_on(trials_, document_);
  const Reference reference(experiment);
  const FloatBuffer raw = random_weights(experiment.network->layout().size());
  std::vector<double> weights(raw.begin(), raw.end());
  const auto gradient = reference.gradient(weights, trials_);
  double largest = 0;
  for (const double value : gradient) largest = std::max(largest, std::abs(value));
  constexpr double step = 1e-6;
  const std::size_t stride = weights.size() > 60 ? 7 : 1;
  for (std::size_t i = 0; i < weights.size(); i += stride) {
    const double weight = weights[i];
    weights[i] = weight + step;
    const double above = reference.loss(weights, trials_);
    weights[i] = weight - step;
    const double below = reference.loss(weights, trials_);
    weights[i] = weight;
    EXPECT_NEAR((above - below) / (2 * step), gradient[i], 1e-6 * largest + 1e-9) << i;
  }
}

/// The engine's gradient against differences of the engine's own loss, along a direction in which all weights
/// change, so that the difference is large beside float32's rounding.
TEST_P(Gradient, IsTheDifferenceOfTheEnginesLoss) {
  Session session(support::experiment_on(trials_, document_), 1);
  const FloatBuffer raw = random_weights(session.trainer().raw_weights().size());
  session.trainer().set_weights(raw);
  const FloatBuffer gradient = session.gradient(trials_).raw;
  double square = 0;
  for (const float value : gradient) square += static_cast<double>(value) * static_cast<double>(value);
  const double length = std::sqrt(square);
  const double step = 3e-3;
  const auto loss_at = [&](double distance) {
    FloatBuffer moved = raw;
    for (std::size_t i = 0; i < moved.size(); ++i)
      moved[i] += static_cast<float>(distance * gradient[i] / length);
    session.trainer().set_weights(moved);
    return session.gradient(trials_).loss;
  };
  const double slope = (loss_at(step) - loss_at(-step)) / (2 * step);
  EXPECT_NEAR(slope, length, 1e-2 * length);
}

TEST(GradientOfABatch, IsTheMeanOfThoseOfItsTrials) {
  const Trials trials = support::random_trials({19, 30, 2, 2}, 5);
  Session session(support::experiment_on(trials, support::hello_world({{"network", {{"N_rec", 13}}}})), 1);
  const BatchGradient all = session.gradient(trials);
  std::vector<double> mean(all.raw.size());
  double loss = 0;
  for (int trial = 0; trial < trials.count; ++trial) {
    const BatchGradient one = session.gradient(support::part_of(trials, trial, 1));
    loss += one.loss / trials.count;
    for (std::size_t i = 0; i < mean.size(); ++i) mean[i] += static_cast<double>(one.raw[i]) / trials.count;
  }
  EXPECT_NEAR(all.loss, loss, 1e-6 * loss);
  support::expect_close(mean, support::floats(all.raw), 1e-4, "gradient");
}

TEST(GradientOfABatch, IsNothingWhereTheMaskIsZero) {
  Trials trials = support::random_trials({9, 30, 2, 2}, 5);
  std::fill(trials.mask.begin(), trials.mask.end(), 0.0f);
  Session session(support::experiment_on(trials, support::hello_world()), 1);
  const BatchGradient gradient = session.gradient(trials);
  EXPECT_EQ(gradient.loss, 0);
  for (const float value : gradient.raw) ASSERT_EQ(value, 0);
}

TEST(GradientOfABatch, ChangesNoWeights) {
  const Trials trials = support::random_trials({9, 30, 2, 2}, 5);
  Session session(support::experiment_on(trials, support::hello_world()), 1);
  const std::string before = session.hash();
  session.gradient(trials);
  EXPECT_EQ(session.hash(), before);
  EXPECT_EQ(session.trainer().progress().iteration, 0);
}

}  // namespace

}  // namespace nullcline
