// Initial weights.
#include <gtest/gtest.h>

#include <cmath>

#include "engine/math/spectrum.h"
#include "tests/engine/support.h"

namespace nullcline {

namespace {

std::vector<float> initial(const char* name, const Json& changes = Json::object()) {
  const Experiment experiment = support::experiment(support::hello_world(changes));
  FloatBuffer raw(experiment.network->layout().size());
  experiment.network->initialize(*experiment.kernels, experiment.seed, raw.data());
  return support::part_of(experiment.network->layout(), name, raw);
}

/// The same of ten seeds, which is faster than one large network: eigenvalues take the cube of its size.
std::vector<float> pooled(const char* name) {
  std::vector<float> all;
  for (int seed = 1; seed <= 10; ++seed) {
    const auto one = initial(name, {{"seed", seed}, {"network", {{"N_rec", 100}}}});
    all.insert(all.end(), one.begin(), one.end());
  }
  return all;
}

struct Moments {
  double mean = 0, deviation = 0;
};

Moments moments_of(const std::vector<float>& values) {
  Moments moments;
  for (const float value : values) moments.mean += value / static_cast<double>(values.size());
  for (const float value : values) moments.deviation += std::pow(value - moments.mean, 2);
  moments.deviation = std::sqrt(moments.deviation / static_cast<double>(values.size()));
  return moments;
}

TEST(GaussianSpectralRadius, GivesWRecTheRadiusThatIsAskedFor) {
  for (const std::string& arithmetic : support::arithmetics())
    for (const int N : {1, 2, 13, 50, 101})
      for (const double radius : {0.5, 1.1, 3.0}) {
        const Json changes = {
            {"arithmetic", arithmetic},
            {"network",
             {{"N_rec", N}, {"initializer", {{"type", "GaussianSpectralRadius"}, {"spec_rad", radius}}}}}};
        EXPECT_NEAR(spectral_radius(initial("W_rec", changes).data(), N), radius, 1e-5) << N;
      }
}

TEST(GaussianSpectralRadius, RadiusIsElevenTenthsUnlessGiven) {
  EXPECT_NEAR(spectral_radius(initial("W_rec").data(), 50), 1.1, 1e-5);
}

// Glorot's variance is 2 / (fan in + fan out), which for a full matrix is 2 / (rows + columns).
TEST(GaussianSpectralRadius, GivesWInAndWOutGlorotsVariance) {
  for (const char* name : {"W_in", "W_out"}) {
    const Moments found = moments_of(pooled(name));
    const double expected = std::sqrt(2.0 / 102);
    EXPECT_NEAR(found.mean, 0, 4 * expected / std::sqrt(2000)) << name;
    EXPECT_NEAR(found.deviation, expected, 4 * expected / std::sqrt(4000)) << name;
  }
}

TEST(GaussianSpectralRadius, BiasesAreZeroAndTheInitialStateIsATenth) {
  for (const float bias : initial("b_rec")) EXPECT_EQ(bias, 0);
  for (const float bias : initial("b_out")) EXPECT_EQ(bias, 0);
  const Moments found = moments_of(pooled("init_state"));
  EXPECT_NEAR(found.mean, .1, 4 * .01 / std::sqrt(1000));
  EXPECT_NEAR(found.deviation, .01, 4 * .01 / std::sqrt(2000));
}

TEST(GaussianSpectralRadius, WRecIsGaussian) {
  const auto W_rec = initial("W_rec", {{"network", {{"N_rec", 100}}}});
  const Moments moments = moments_of(W_rec);
  double kurtosis = 0;
  for (const float weight : W_rec) kurtosis += std::pow((weight - moments.mean) / moments.deviation, 4) / 1e4;
  EXPECT_NEAR(moments.mean, 0, 4 * moments.deviation / 100);
  EXPECT_NEAR(kurtosis, 3, 4 * std::sqrt(24) / 100);
}

TEST(GaussianSpectralRadius, AnotherSeedGivesOtherWeightsAndTheSameSeedTheSame) {
  EXPECT_EQ(initial("W_rec", {{"seed", 4}}), initial("W_rec", {{"seed", 4}}));
  EXPECT_NE(initial("W_rec", {{"seed", 4}}), initial("W_rec", {{"seed", 5}}));
}

TEST(GaussianSpectralRadius, DrawsEachMatrixFromNumbersOfItsOwn) {
  const Json one_unit = {{"network", {{"N_rec", 1}}}};
  EXPECT_NE(initial("W_in", one_unit)[0], initial("W_out", one_unit)[0]);
}

}  // namespace

}  // namespace nullcline
