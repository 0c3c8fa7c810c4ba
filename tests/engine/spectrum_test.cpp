#include "engine/math/spectrum.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "tests/engine/golden.h"
#include "tests/engine/support.h"

namespace nullcline {

namespace {

TEST(SpectralRadius, OfADiagonalIsItsLargestModulus) {
  const float matrix[] = {1, 0, 0, 0, -3.5f, 0, 0, 0, 2};
  EXPECT_NEAR(spectral_radius(matrix, 3), 3.5, 1e-12);
}

TEST(SpectralRadius, OfAScaledRotationIsItsScale) {
  const float matrix[] = {0, -2, 2, 0};
  EXPECT_NEAR(spectral_radius(matrix, 2), 2, 1e-12);
  const auto values = eigenvalues(matrix, 2);
  ASSERT_EQ(values.size(), 2u);
  EXPECT_NEAR(std::abs(values[0].imag()), 2, 1e-12);
  EXPECT_EQ(values[0], std::conj(values[1]));
}

TEST(SpectralRadius, OfOneNumberIsItsModulus) {
  const float matrix[] = {-0.75f};
  EXPECT_EQ(spectral_radius(matrix, 1), 0.75);
}

TEST(SpectralRadius, OfAMatrixOfOnesIsItsSize) {
  for (const int size : {2, 7, 30}) {
    const std::vector<float> ones(static_cast<std::size_t>(size * size), 1.0f);
    EXPECT_NEAR(spectral_radius(ones.data(), size), size, 1e-10);
  }
}

TEST(SpectralRadius, OfAChainWithoutLoopsIsNothing) {
  std::vector<float> chain(16);
  for (const std::size_t i : {1u, 6u, 11u}) chain[i] = 5;  // just above the diagonal
  EXPECT_EQ(spectral_radius(chain.data(), 4), 0);
}

TEST(SpectralRadius, OfACycleIsTheRootOfTheProductOfItsWeights) {
  std::vector<float> cycle(25);
  const float weights[] = {1, 2, 3, 4, 5};
  for (std::size_t i = 0; i < 5; ++i) cycle[(i + 1) % 5 * 5 + i] = weights[i];
  EXPECT_NEAR(spectral_radius(cycle.data(), 5), std::pow(120, 0.2), 1e-12);
}

TEST(SpectralRadius, OfATransposedMatrixIsTheSame) {
  support::Numbers numbers(3);
  for (const std::size_t size : {3u, 20u, 51u}) {
    const auto matrix = numbers.normals(size * size);
    std::vector<float> transpose(matrix.size());
    for (std::size_t i = 0; i < size; ++i)
      for (std::size_t j = 0; j < size; ++j) transpose[j * size + i] = matrix[i * size + j];
    const double radius = spectral_radius(matrix.data(), static_cast<int>(size));
    EXPECT_NEAR(spectral_radius(transpose.data(), static_cast<int>(size)), radius, 1e-9 * radius);
  }
}

TEST(SpectralRadius, IsNotANumberForAMatrixThatIsNotFinite) {
  for (const float bad : {std::numeric_limits<float>::infinity(), std::numeric_limits<float>::quiet_NaN()}) {
    const float matrix[] = {1, bad, 0, 1};
    EXPECT_TRUE(eigenvalues(matrix, 2).empty());
    EXPECT_TRUE(std::isnan(spectral_radius(matrix, 2)));
  }
}

// PsychRNN scales a Gaussian matrix G to W = G · ρ / max|λ(G)|; without Dale's law and masks nothing else is
// done.
TEST(SpectralRadius, ScalesAMatrixAsPsychRnnDoes) {
  const support::Golden golden("psychrnn_init");
  ASSERT_EQ(golden.number("gsr0_dale"), -1);
  const auto G = golden.array("gsr0_G");
  const auto W_rec = golden.array("gsr0_W_rec");
  const double radius = spectral_radius(G.floats().data(), G.shape[0]);
  for (std::size_t i = 0; i < G.values.size(); ++i)
    ASSERT_NEAR(G.values[i] * golden.number("gsr0_spec_rad") / radius, W_rec.values[i], 1e-6);
}

TEST(SpectralRadius, OfPsychRnnsEffectiveMatricesIsTheirs) {
  const support::Golden golden("psychrnn_init");
  for (int i = 0; i < 4; ++i) {
    const std::string name = std::string("gsr") + std::to_string(i) + "_";
    const auto W_rec = golden.array(name + "W_rec"), mask = golden.array(name + "conn"),
               signs = golden.array(name + "Dale_rec");
    const auto size = static_cast<std::size_t>(W_rec.shape[0]);
    std::vector<float> effective(size * size);
    for (std::size_t row = 0; row < size; ++row)
      for (std::size_t column = 0; column < size; ++column) {
        const double weight = W_rec.values[row * size + column] * mask.values[row * size + column];
        effective[row * size + column] = static_cast<float>(
            golden.number(name + "dale") < 0 ? weight
                                             : std::abs(weight) * signs.values[column * size + column]);
      }
    EXPECT_NEAR(spectral_radius(effective.data(), static_cast<int>(size)),
                golden.number(name + "effective_spectral_radius"), 1e-6)
        << name;
  }
}

}  // namespace

}  // namespace nullcline
