// Gradient clipping by hand.
#include "engine/training/clipping.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "tests/engine/support.h"

namespace nullcline {

namespace {

/// Variables a (2 × 2), b (1) and c (3), one after the other.
ParameterLayout three_variables() {
  ParameterLayout layout;
  layout.add_matrix("a", 2, 2);
  layout.add_vector("b", 1);
  layout.add_vector("c", 3);
  return layout;
}

using Values = std::vector<float>;

Values clipped(void (*mode)(const ParameterLayout&, double, float*), double norm, Values gradient) {
  mode(three_variables(), norm, gradient.data());
  return gradient;
}

double norm_of(const Values& values) {
  double square = 0;
  for (const float value : values) square += static_cast<double>(value) * static_cast<double>(value);
  return std::sqrt(square);
}

TEST(Clipping, ShortensEachVariableByItself) {
  support::expect_same_bits({.5f, .5f, .5f, .5f, -1, .1f, .2f, .2f},
                            clipped(clip_per_variable, 1, {1, 1, 1, 1, -3, .1f, .2f, .2f}), "clipped to 1");
}

TEST(Clipping, LeavesAGradientOfJustThatLengthAlone) {
  const Values each = {3, 0, 4, 0, 5, 0, -5, 0}, together = {1, -1, 1, -1, 0, 1, -1, 0};
  support::expect_same_bits(each, clipped(clip_per_variable, 5, each), "lengths 5 clipped to 5");
  support::expect_same_bits(together, clipped(clip_global, std::sqrt(6.0), together), "length √6");
}

TEST(Clipping, LeavesZeroAlone) {
  for (const auto mode : {clip_per_variable, clip_global})
    support::expect_same_bits(Values(8), clipped(mode, 1, Values(8)), "nothing");
}

TEST(Clipping, CanShortenGradientsWhoseSquaresAreBeyondFloat32) {
  for (const auto mode : {clip_per_variable, clip_global}) {
    const Values found = clipped(mode, 1, {3e30f, 0, 4e30f, 0, 0, 0, 0, 0});
    EXPECT_FLOAT_EQ(found[0], .6f);
    EXPECT_FLOAT_EQ(found[2], .8f);
  }
}

TEST(Clipping, GloballyShortensTheWholeGradientAndKeepsItsDirection) {
  support::Numbers numbers(1);
  for (const double norm : {1e-3, .5, 1.0, 1e6}) {
    const Values before = numbers.normals(8), after = clipped(clip_global, norm, before);
    const double length = norm_of(before);
    EXPECT_NEAR(norm_of(after), std::min(norm, length), 1e-6 * std::min(norm, length));
    const float factor = after[0] / before[0];
    for (std::size_t i = 0; i < 8; ++i)
      EXPECT_NEAR(after[i], factor * before[i], 1e-6 * std::abs(after[i])) << norm;
  }
}

TEST(Clipping, PerVariableKeepsEveryLengthWithinTheNorm) {
  support::Numbers numbers(2);
  const Values before = numbers.normals(8), after = clipped(clip_per_variable, .25, before);
  const ParameterLayout layout = three_variables();
  for (const Variable& variable : layout.variables()) {
    const auto part = [&](const Values& values) {
      const auto from = values.begin() + static_cast<std::ptrdiff_t>(variable.offset);
      return Values(from, from + static_cast<std::ptrdiff_t>(variable.size()));
    };
    EXPECT_NEAR(norm_of(part(after)), std::min(.25, norm_of(part(before))), 1e-6) << variable.name;
  }
}

TEST(Clipping, OfNoneChangesNothing) {
  const Values gradient = {1e30f, 2, -3, 0, 5, 6, -7, 8};
  support::expect_same_bits(gradient, clipped(clip_none, 1, gradient), "not clipped");
}

TEST(Clipping, HidesNothingThatIsNotANumber) {
  constexpr float infinity = std::numeric_limits<float>::infinity();
  constexpr float not_a_number = std::numeric_limits<float>::quiet_NaN();
  for (const ClipMode& mode : clip_modes())
    for (const float bad : {not_a_number, infinity, -infinity}) {
      const Values found = clipped(mode.apply, 1, {10, bad, 10, 10, 10, 10, 10, 10});
      EXPECT_FALSE(std::isfinite(found[1])) << mode.name << " of " << bad;
    }
}

/// The clipped gradient of a document's training section, and the raw one.
BatchGradient gradient_with(const Json& training) {
  const Trials trials = support::random_trials({8, 20, 2, 2}, 1);
  Session session(support::experiment_on(trials, support::hello_world({{"training", training}})), 1);
  return session.gradient(trials);
}

TEST(Clipping, IsChosenByTheDocument) {
  const Json norm = {{"norm", 1e-3}};
  const Json global = {{"mode", "global"}, {"norm", 1e-3}}, none = {{"mode", "none"}, {"norm", 1e-3}};
  const auto length = [](const BatchGradient& gradient) {
    return norm_of(support::floats(gradient.clipped));
  };
  const auto unclipped = [](const BatchGradient& gradient) {
    return support::floats(gradient.raw) == support::floats(gradient.clipped);
  };
  // The noiseless Basic network has six variables.
  EXPECT_GT(length(gradient_with({{"clip", norm}})), 1.5e-3);
  EXPECT_NEAR(length(gradient_with({{"clip", global}})), 1e-3, 1e-9);
  EXPECT_TRUE(unclipped(gradient_with({{"clip", none}})));
  EXPECT_TRUE(unclipped(gradient_with({{"clip_grads", false}, {"clip", global}})));
}

}  // namespace

}  // namespace nullcline
