// Optimisers against the formulas that their first homes publish.
#include "engine/training/optimizer.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/engine/support.h"

namespace nullcline {

namespace {

/// An optimiser as the document makes it: defaults written out.
std::unique_ptr<Optimizer> make(const Json& section) {
  const Json document = support::resolved(support::hello_world({{"training", {{"optimizer", section}}}}));
  return std::move(make_experiment(document).training.optimizer);
}

/// The weight after each of some updates, of a weight that begins at `weight`.
std::vector<float> weights_after(const Optimizer& optimizer, double learning_rate,
                                 const std::vector<float>& gradients, float weight) {
  OptimizerState state = optimizer.initial_state(1);
  std::vector<float> weights;
  for (const float gradient : gradients) {
    optimizer.update(learning_rate, &gradient, 1, &weight, state);
    weights.push_back(weight);
  }
  return weights;
}

/// Weights after updates with learning rate .1 on the gradients .5, −.25, 1, 0, .125, −2 of a weight that
/// begins at 1, computed in float64 with NumPy from the published formulas:
/// - tf.compat.v1.train.AdamOptimizer: lr_t = lr √(1 − β₂ᵗ)/(1 − β₁ᵗ), w −= lr_t m / (√v + ε̂)
/// - torch.optim.Adam: m̂ = m/(1 − β₁ᵗ), v̂ = v/(1 − β₂ᵗ), w −= lr m̂ / (√v̂ + ε); AdamW first w −= lr λ w
/// - torch.optim.SGD: b = μ b + g (b = g at first), w −= lr b; nesterov: w −= lr (g + μ b)
/// - tf.compat.v1.train.RMSPropOptimizer (kernel ApplyRMSProp, slot "rms" of ones): ms += (1 − ρ)(g² − ms),
///   mom = μ mom + lr g/√(ms + ε), w −= mom; centered: mg += (1 − ρ)(g − mg), √(ms − mg² + ε)
/// - tf.compat.v1.train.AdagradOptimizer: a += g², w −= lr g/√a
struct Known {
  Json optimizer;
  std::vector<double> weights;
};

/// gtest's name of a case.
void PrintTo(const Known& known, std::ostream* out) { *out << known.optimizer.dump(); }

Json adam(const char* type, const Json& changes) {
  Json section = {{"type", type}, {"beta_1", .9}, {"beta_2", .99}, {"epsilon", .01}};
  section.update(changes);
  return section;
}

class KnownValues : public testing::TestWithParam<Known> {};

INSTANTIATE_TEST_SUITE_P(
    Optimizers, KnownValues,
    testing::Values(
        Known{adam("Adam", Json::object()),
              {.916666667, .894057458, .83369621, .784159309, .736988286, .759099811}},
        Known{adam("Adam", {{"epsilon_mode", "torch"}}),
              {.901960784, .875949866, .811283443, .758315882, .707980777, .730813958}},
        Known{adam("AdamW", {{"weight_decay", 0}}),
              {.901960784, .875949866, .811283443, .758315882, .707980777, .730813958}},
        Known{adam("AdamW", {{"weight_decay", .5}}),
              {.851960784, .783351826, .679517812, .592574361, .512610538, .509813192}},
        Known{{{"type", "SGD"}}, {.95, .975, .875, .875, .8625, 1.0625}},
        Known{{{"type", "SGD"}, {"momentum", .9}}, {.95, .93, .812, .7058, .59772, .700448}},
        Known{{{"type", "SGD"}, {"momentum", .9}, {"nesterov", true}},
              {.905, .912, .7058, .61022, .500448, .7929032}},
        Known{{{"type", "RMSProp"}}, {.948012476, .97531003, .86715451, .86715451, .852149829, 1.04973333}},
        Known{{{"type", "RMSProp"}, {"momentum", .5}, {"epsilon", .01}},
              {.948291231, .949573114, .84268562, .789241873, .747622265, .923438774}},
        Known{{{"type", "RMSProp"}, {"decay", .8}, {"momentum", .5}, {"epsilon", .01}, {"centered", true}},
              {.945767386, .948497703, .831503005, .773005657, .725472041, .890002978}},
        Known{{{"type", "Adagrad"}},
              {.915484575, .954409522, .870268889, .870268889, .859809005, .945652042}}));

TEST_P(KnownValues, AreReproduced) {
  const auto optimizer = make(GetParam().optimizer);
  const auto found = weights_after(*optimizer, .1, {.5f, -.25f, 1, 0, .125f, -2}, 1);
  ASSERT_EQ(found.size(), GetParam().weights.size());
  for (std::size_t t = 0; t < found.size(); ++t) EXPECT_NEAR(found[t], GetParam().weights[t], 5e-7) << t;
}

TEST_P(KnownValues, DoNotDependOnTheWeightsBeside) {
  const auto optimizer = make(GetParam().optimizer);
  support::Numbers numbers(4);
  constexpr std::size_t count = 19;
  OptimizerState together = optimizer->initial_state(count);
  auto weights = numbers.normals(count);
  const auto initial = weights;
  std::vector<std::vector<float>> gradients(count);
  for (int t = 0; t < 5; ++t) {
    const auto gradient = numbers.normals(count);
    optimizer->update(.01, gradient.data(), count, weights.data(), together);
    for (std::size_t i = 0; i < count; ++i) gradients[i].push_back(gradient[i]);
  }
  std::vector<float> alone;
  for (std::size_t i = 0; i < count; ++i)
    alone.push_back(weights_after(*optimizer, .01, gradients[i], initial[i]).back());
  support::expect_same_bits(alone, weights, "each by itself");
}

/// All that the registry has learn what Hello World asks, at rates that suit them.
TEST(Optimizers, MakeTheLossSmaller) {
  const Trials trials = support::random_trials({16, 20, 2, 2}, 3);
  const std::vector<std::pair<const char*, double>> rates = {
      {"Adam", .01}, {"AdamW", .01}, {"SGD", .1}, {"RMSProp", .01}, {"Adagrad", .05}};
  ASSERT_EQ(rates.size(), optimizer_types().size()) << "a rate is missing here";
  for (const auto& [type, rate] : rates) {
    const Json training = {{"optimizer", {{"type", type}}}, {"learning_rate", rate}, {"iterations", 100}};
    Session session(support::experiment_on(trials, support::hello_world({{"training", training}})), 1);
    const double before = session.gradient(trials).loss;
    session.trainer().step({100, 1e9});
    EXPECT_EQ(session.trainer().progress().state, TrainingState::finished) << type;
    EXPECT_LT(session.gradient(trials).loss, .9 * before) << type;
  }
}

TEST(Optimizers, GoOnFromASnapshotAsIfNothingHadHappened) {
  for (const OptimizerType& type : optimizer_types()) {
    const Json document = support::odd_sizes({{"training", {{"optimizer", {{"type", type.name}}}}}});
    Session whole(support::experiment(document), 1), resumed(support::experiment(document), 1);
    whole.trainer().step({6, 1e9});
    TrainingSnapshot half;
    {
      Session first(support::experiment(document), 1);
      first.trainer().step({3, 1e9});
      half = first.trainer().snapshot();
    }
    resumed.trainer().restore(half);
    resumed.trainer().step({3, 1e9});
    EXPECT_EQ(resumed.hash(), whole.hash()) << type.name;
  }
}

TEST(Optimizers, LeaveWeightsThatNeverHadAGradientAlone) {
  for (const OptimizerType& type : optimizer_types()) {
    if (type.name == "AdamW") continue;  // its decay is apart from the gradient
    const auto optimizer = make({{"type", type.name}});
    EXPECT_EQ(weights_after(*optimizer, .1, std::vector<float>(10), .25f).back(), .25f) << type.name;
  }
}

TEST(AdamW, ShrinksWeightsWithoutAGradientToo) {
  const auto optimizer = make({{"type", "AdamW"}, {"weight_decay", .5}});
  const auto found = weights_after(*optimizer, .1, {0, 0}, 1);
  EXPECT_FLOAT_EQ(found[0], .95f);
  EXPECT_FLOAT_EQ(found[1], .9025f);
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

TEST(Adam, FollowsItsFormulaForManyUpdates) {
  support::Numbers numbers(1);
  for (const double epsilon : {1e-8, 1e-2}) {
    const auto optimizer = make(adam("Adam", {{"epsilon", epsilon}}));
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

TEST(Adam, AddsEpsilonOutsideTheBiasCorrectionOrInsideAsAsked) {
  const auto first_step = [](const char* mode) {
    const auto optimizer = make({{"type", "Adam"}, {"epsilon", 1e-3}, {"epsilon_mode", mode}});
    return weights_after(*optimizer, 1, {1e-3f}, 0).back();
  };
  // m = 1e-4, √v = 1e-3·√.001: rate √.001/.1 · m / (√v + 1e-3).
  EXPECT_NEAR(first_step("tensorflow"), -std::sqrt(.001) / .1 * 1e-4 / (1e-3 * std::sqrt(.001) + 1e-3), 1e-7);
  // m̂ = 1e-3 = √v̂.
  EXPECT_NEAR(first_step("torch"), -.5, 1e-6);
}

TEST(Adam, FirstStepIsTheLearningRateWhateverTheGradient) {
  for (const float gradient : {.01f, 1.0f, -1000.0f}) {
    const float weight = weights_after(*make({{"type", "Adam"}}), .01, {gradient}, 0).back();
    EXPECT_NEAR(std::abs(weight), .01, 1e-6) << gradient;
    EXPECT_EQ(weight<0, gradient> 0);
  }
}

// The mean square and the square of the mean meet there, and rounding may put the one below the other.
TEST(RmsProp, CenteredStaysFiniteOnAGradientThatDoesNotChange) {
  for (const float gradient : {.1f, 1.0f, 3333.3f}) {
    const auto optimizer = make({{"type", "RMSProp"}, {"decay", .5}, {"centered", true}});
    for (const float weight : weights_after(*optimizer, .001, std::vector<float>(200, gradient), 0))
      ASSERT_TRUE(std::isfinite(weight)) << gradient;
  }
}

}  // namespace

}  // namespace nullcline
