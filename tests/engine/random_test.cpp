// Random numbers: known answers, addresses, distributions.
#include "engine/math/random.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <set>

#include "engine/math/kernels.h"
#include "engine/math/panels.h"
#include "tests/engine/support.h"

namespace nullcline {

namespace {

using Words = std::array<std::uint32_t, 4>;

Words philox(const Words& counter, std::uint32_t first_key, std::uint32_t second_key) {
  return random_words(first_key, static_cast<Purpose>(second_key), counter);
}

// The known answers that come with Random123 for philox4x32, ten rounds.
TEST(Philox, GivesTheKnownAnswersForZeros) {
  EXPECT_EQ(philox({0, 0, 0, 0}, 0, 0), (Words{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
}

TEST(Philox, GivesTheKnownAnswersForOnes) {
  constexpr std::uint32_t ones = 0xffffffff;
  EXPECT_EQ(philox({ones, ones, ones, ones}, ones, ones),
            (Words{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
}

TEST(Philox, GivesTheKnownAnswersForTheDigitsOfPi) {
  EXPECT_EQ(philox({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, 0xa4093822, 0x299f31d0),
            (Words{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

std::vector<float> normals(std::uint32_t seed, Purpose purpose, std::uint32_t iteration, std::uint32_t trial,
                           std::uint32_t step, int rows) {
  std::vector<float> panel(static_cast<std::size_t>(rows) * panel_width);
  fill_normals(support::plain_kernels(), seed, purpose, iteration, trial, step, rows, panel.data());
  return panel;
}

TEST(Normals, DifferWithEveryPartOfTheirAddress) {
  const std::vector<std::vector<float>> panels = {normals(1, Purpose::stimulus_noise, 0, 0, 0, 4),
                                                  normals(2, Purpose::stimulus_noise, 0, 0, 0, 4),
                                                  normals(1, Purpose::recurrent_noise, 0, 0, 0, 4),
                                                  normals(1, Purpose::test_stimulus_noise, 0, 0, 0, 4),
                                                  normals(1, Purpose::test_recurrent_noise, 0, 0, 0, 4),
                                                  normals(1, Purpose::initial_weights, 0, 0, 0, 4),
                                                  normals(1, Purpose::stimulus_noise, 1, 0, 0, 4),
                                                  normals(1, Purpose::stimulus_noise, 0, 8, 0, 4),
                                                  normals(1, Purpose::stimulus_noise, 0, 0, 1, 4)};
  std::set<float> values;
  for (const auto& panel : panels) values.insert(panel.begin(), panel.end());
  // 24 bits each: a few of the 288 might coincide by chance, a whole panel never.
  EXPECT_GT(values.size(), panels.size() * panels[0].size() - 4);
}

TEST(Normals, BelongToATrialWhicheverPanelItStandsIn) {
  const auto first = normals(1, Purpose::stimulus_noise, 3, 16, 5, 6);
  const auto shifted = normals(1, Purpose::stimulus_noise, 3, 19, 5, 6);  // trial 19 in lane 0, not lane 3
  for (std::size_t row = 0; row < 6; ++row)
    for (std::size_t lane = 0; lane + 3 < panel_width; ++lane)
      EXPECT_EQ(shifted[row * panel_width + lane], first[row * panel_width + lane + 3]);
}

TEST(Normals, OfFirstRowsDoNotDependOnHowManyRowsThereAre) {
  const auto all = normals(1, Purpose::recurrent_noise, 0, 0, 0, 13);
  for (int rows = 1; rows < 13; ++rows) {
    const auto some = normals(1, Purpose::recurrent_noise, 0, 0, 0, rows);
    support::expect_same_bits({all.begin(), all.begin() + rows * panel_width}, some, std::to_string(rows));
  }
}

TEST(Normals, OfAMatrixBelongToARowAndAColumn) {
  std::vector<float> small(3 * 5), large(11 * 9);
  fill_normal_matrix(support::plain_kernels(), 1, 2, 3, 5, small.data());
  fill_normal_matrix(support::plain_kernels(), 1, 2, 11, 9, large.data());
  for (std::size_t i = 0; i < 3; ++i)
    for (std::size_t j = 0; j < 5; ++j) EXPECT_EQ(small[i * 5 + j], large[i * 9 + j]);
}

/// A million deviates of one set of kernels.
std::vector<double> million(const Kernels& kernels) {
  constexpr int rows = 100, steps = 1250;
  std::vector<double> values;
  std::vector<float> panel(rows * panel_width);
  for (std::uint32_t step = 0; step < steps; ++step) {
    fill_normals(kernels, 7, Purpose::recurrent_noise, 0, 0, step, rows, panel.data());
    values.insert(values.end(), panel.begin(), panel.end());
  }
  return values;
}

double mean_power(const std::vector<double>& values, int power) {
  double sum = 0;
  for (const double value : values) sum += std::pow(value, power);
  return sum / static_cast<double>(values.size());
}

// The limits are four standard errors of each statistic; seeds are fixed, so these never fail by chance.
TEST(Normals, HaveTheMomentsOfTheNormalDistribution) {
  for (const Arithmetic arithmetic : {Arithmetic::plain, Arithmetic::fused}) {
    if (!arithmetic_available(arithmetic)) continue;
    const auto values = million(*find_kernels(arithmetic));
    const double error = 4 / std::sqrt(static_cast<double>(values.size()));
    EXPECT_NEAR(mean_power(values, 1), 0, error);
    EXPECT_NEAR(mean_power(values, 2), 1, error * std::sqrt(2.0));
    EXPECT_NEAR(mean_power(values, 3), 0, error * std::sqrt(15.0));
    EXPECT_NEAR(mean_power(values, 4), 3, error * std::sqrt(96.0));
  }
}

TEST(Normals, HaveTheTailsOfTheNormalDistribution) {
  const auto values = million(support::plain_kernels());
  const auto count = static_cast<double>(values.size());
  for (const double limit : {0.5, 1.0, 2.0, 3.0, 4.0}) {
    const double share = std::erfc(limit / std::sqrt(2.0)) / 2;
    const double error = 4 * std::sqrt(share * (1 - share) * count);
    const auto above = std::count_if(values.begin(), values.end(), [&](double z) { return z > limit; });
    const auto below = std::count_if(values.begin(), values.end(), [&](double z) { return z < -limit; });
    EXPECT_NEAR(static_cast<double>(above), share * count, error) << limit;
    EXPECT_NEAR(static_cast<double>(below), share * count, error) << limit;
  }
  EXPECT_LE(std::abs(*std::max_element(values.begin(), values.end())), 5.77);
}

TEST(Normals, OfOneCallAreNotCorrelated) {
  const auto values = million(support::plain_kernels());
  const double error = 4 / std::sqrt(static_cast<double>(values.size()));
  for (const std::size_t apart : {std::size_t{1}, std::size_t{8}, std::size_t{16}, std::size_t{24}}) {
    double product = 0, squares = 0;
    for (std::size_t i = 0; i + apart < values.size(); ++i) {
      product += values[i] * values[i + apart];
      squares += (values[i] * values[i] - 1) * (values[i + apart] * values[i + apart] - 1);
    }
    EXPECT_NEAR(product / static_cast<double>(values.size()), 0, error) << apart;
    EXPECT_NEAR(squares / static_cast<double>(values.size()), 0, 2 * error) << apart;
  }
}

std::vector<std::uint32_t> words(std::uint32_t first_counter, std::size_t count) {
  std::vector<std::uint32_t> all;
  for (std::uint32_t i = first_counter; all.size() < count; ++i)
    for (const std::uint32_t word : philox({i, 0, 0, 0}, 1, 1)) all.push_back(word);
  all.resize(count);
  return all;
}

TEST(NormalDeviates, AreThoseOfBoxAndMuller) {
  const std::size_t size = 80000;
  auto first = words(0, size), second = words(1000000, size);
  first[0] = 0;  // the largest radius
  first[1] = 0xffffffff;
  second[0] = 0;
  second[1] = 0xffffffff;
  const double pi = std::acos(-1.0);
  for (const Kernels* kernels : all_kernels()) {
    std::vector<float> cosine(size), sine(size);
    kernels->normal_deviates(first.data(), second.data(), cosine.data(), sine.data(), size);
    for (std::size_t i = 0; i < size; ++i) {
      const double radius = std::sqrt(-2 * std::log(((first[i] >> 8) + 1) * 0x1p-24));
      const double angle = 2 * pi * ((second[i] >> 8) * 0x1p-24);
      ASSERT_NEAR(cosine[i], radius * std::cos(angle), 2e-6) << i;
      ASSERT_NEAR(sine[i], radius * std::sin(angle), 2e-6) << i;
    }
    EXPECT_NEAR(cosine[0], 5.768, .001);
  }
}

TEST(NormalDeviates, AreTheSameBitsOnEveryInstructionSetAndAtAnyWidth) {
  const std::size_t size = 8 * 37;
  const auto first = words(0, size), second = words(5000, size);
  for (const Kernels* kernels : all_kernels()) {
    std::vector<float> expected(2 * size), once(2 * size), eights(2 * size);
    find_kernels(kernels->arithmetic)
        ->normal_deviates(first.data(), second.data(), expected.data(), expected.data() + size, size);
    kernels->normal_deviates(first.data(), second.data(), once.data(), once.data() + size, size);
    for (std::size_t i = 0; i < size; i += 8)
      kernels->normal_deviates(&first[i], &second[i], &eights[i], &eights[size + i], 8);
    support::expect_same_bits(expected, once, kernels->instruction_set);
    support::expect_same_bits(expected, eights, kernels->instruction_set);
  }
}

TEST(Draws, AreAddressedByIterationTrialAndOrder) {
  const auto drawn = [](std::uint32_t iteration, std::uint32_t trial) {
    Draws draws(1, Purpose::trial_parameters, iteration, trial);
    return std::vector<double>{draws.uniform(), draws.uniform(), draws.uniform()};
  };
  EXPECT_EQ(drawn(3, 4), drawn(3, 4));
  EXPECT_NE(drawn(3, 4), drawn(4, 3));
  EXPECT_NE(drawn(3, 4)[0], drawn(3, 4)[1]);
}

std::vector<double> drawn_by(const std::function<double(Draws&)>& draw) {
  std::vector<double> values;
  for (std::uint32_t trial = 0; trial < 40000; ++trial) {
    Draws draws(3, Purpose::trial_parameters, 0, trial);
    values.push_back(draw(draws));
  }
  return values;
}

/// Kolmogorov's and Smirnov's statistic, times the root of the number of values: above 1.95 for one in a
/// thousand samples of the distribution.
double distance_to(std::vector<double> values, const std::function<double(double)>& cumulative) {
  std::sort(values.begin(), values.end());
  const auto count = static_cast<double>(values.size());
  double distance = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double expected = cumulative(values[i]);
    distance = std::max({distance, std::abs(expected - static_cast<double>(i) / count),
                         std::abs(expected - static_cast<double>(i + 1) / count)});
  }
  return distance * std::sqrt(count);
}

TEST(Draws, UniformsAreUniform) {
  const auto values = drawn_by([](Draws& draws) { return draws.uniform(); });
  EXPECT_GE(*std::min_element(values.begin(), values.end()), 0);
  EXPECT_LT(*std::max_element(values.begin(), values.end()), 1);
  EXPECT_LT(distance_to(values, [](double x) { return x; }), 1.95);
}

TEST(Draws, ExponentialsAreExponential) {
  const auto values = drawn_by([](Draws& draws) { return draws.exponential(0.2); });
  EXPECT_LT(distance_to(values, [](double x) { return 1 - std::exp(-x / 0.2); }), 1.95);
}

TEST(Draws, ChoicesAreEquallyLikely) {
  const auto values = drawn_by([](Draws& draws) { return draws.choice(5); });
  for (int choice = 0; choice < 5; ++choice)
    EXPECT_NEAR(static_cast<double>(std::count(values.begin(), values.end(), choice)), 8000, 4 * 80)
        << choice;
  EXPECT_EQ(*std::max_element(values.begin(), values.end()), 4);
}

}  // namespace

}  // namespace nullcline
