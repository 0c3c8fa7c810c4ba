// Elementary functions against the C library in float64, over the whole range.
#include "engine/math/elementary.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <functional>
#include <limits>

#include "engine/math/kernels.h"
#include "tests/engine/support.h"

namespace nullcline {

namespace {

constexpr float not_a_number = std::numeric_limits<float>::quiet_NaN();

using Function = std::function<void(const Kernels&, const float*, float*, std::size_t)>;

Function transfer(TransferFunction function) {
  return [function](const Kernels& kernels, const float* values, float* result, std::size_t size) {
    kernels.transfer(function, values, result, size);
  };
}

const Function exponential = [](const Kernels& kernels, const float* values, float* result,
                                std::size_t size) { kernels.exponential(values, result, size); };
const Function logarithm = [](const Kernels& kernels, const float* values, float* result, std::size_t size) {
  kernels.logarithm(values, result, size);
};

std::vector<float> evaluate(const Kernels& kernels, const Function& function, std::vector<float> values) {
  const std::size_t count = values.size();
  values.resize((count + 7) / 8 * 8);
  std::vector<float> result(values.size());
  function(kernels, values.data(), result.data(), values.size());
  result.resize(count);
  return result;
}

float evaluate_one(const Kernels& kernels, const Function& function, float value) {
  return evaluate(kernels, function, {value})[0];
}

/// Four million floats spread over all bit patterns between those of `low` and `high` (of one sign).
std::vector<float> sweep(float low, float high) {
  const auto from = std::bit_cast<std::uint32_t>(low), to = std::bit_cast<std::uint32_t>(high);
  const std::uint32_t stride = std::max(1u, (to - from) / 2000003u);
  std::vector<float> values;
  for (std::uint64_t bits = from; bits <= to; bits += stride)
    values.push_back(std::bit_cast<float>(static_cast<std::uint32_t>(bits)));
  values.push_back(high);
  return values;
}

/// The same on both sides of zero.
std::vector<float> sweep_both_signs(float high) {
  auto values = sweep(0, high);
  const auto negative = sweep(-0.0f, -high);
  values.insert(values.end(), negative.begin(), negative.end());
  return values;
}

/// Holds every set of kernels to `exact`, whose error `allowed` gives for an argument and its exact value.
void expect_error_within(const Function& function, const std::vector<float>& values,
                         const std::function<double(double)>& exact,
                         const std::function<double(double, double)>& allowed) {
  for (const Kernels* kernels : all_kernels()) {
    const auto found = evaluate(*kernels, function, values);
    double worst = 0;
    std::size_t place = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
      const double wanted = exact(values[i]);
      const double share = std::abs(found[i] - wanted) / allowed(values[i], wanted);
      if (share <= worst) continue;
      worst = share;
      place = i;
      if (std::isnan(share)) break;
    }
    EXPECT_LE(worst, 1) << kernels->instruction_set << ", " << to_string(kernels->arithmetic) << ", at "
                        << values[place] << ": found " << found[place] << ", exactly "
                        << exact(values[place]);
    testing::Test::RecordProperty("worst_of_" + to_string(kernels->arithmetic), std::to_string(worst));
  }
}

std::function<double(double, double)> relative(double error) {
  return [error](double, double exact) { return error * std::abs(exact) + 1e-45; };
}

TEST(Exponential, HasItsStatedErrorOverItsWholeRange) {
  expect_error_within(
      exponential, sweep_both_signs(87), [](double x) { return std::exp(x); }, relative(1e-7));
}

TEST(Exponential, IsHeldAtTheEndsOfItsRangeAndKeepsNaN) {
  for (const Kernels* kernels : all_kernels()) {
    EXPECT_EQ(evaluate_one(*kernels, exponential, 0), 1);
    EXPECT_EQ(evaluate_one(*kernels, exponential, -0.0f), 1);
    const float largest = evaluate_one(*kernels, exponential, 87);
    const float smallest = evaluate_one(*kernels, exponential, -87);
    EXPECT_TRUE(std::isnormal(largest));
    EXPECT_TRUE(std::isnormal(smallest));
    for (const float beyond : {87.5f, 1e6f, 3e38f, support::infinity}) {
      EXPECT_EQ(evaluate_one(*kernels, exponential, beyond), largest);
      EXPECT_EQ(evaluate_one(*kernels, exponential, -beyond), smallest);
    }
    EXPECT_TRUE(std::isnan(evaluate_one(*kernels, exponential, not_a_number)));
  }
}

TEST(Logarithm, HasItsStatedErrorForAllNormalNumbers) {
  // Relative, and near 1, where the logarithm passes through 0, absolute.
  expect_error_within(
      logarithm, sweep(std::numeric_limits<float>::min(), std::numeric_limits<float>::max()),
      [](double x) { return std::log(x); },
      [](double, double exact) { return 1e-7 * std::max(1.0, std::abs(exact)); });
  expect_error_within(
      logarithm, sweep(0.5f, 2.0f), [](double x) { return std::log(x); },
      [](double, double) { return 1e-7; });
  for (const Kernels* kernels : all_kernels()) EXPECT_EQ(evaluate_one(*kernels, logarithm, 1), 0);
}

TEST(Tanh, HasItsStatedErrorOverItsWholeRange) {
  expect_error_within(
      transfer(TransferFunction::tanh), sweep_both_signs(std::numeric_limits<float>::max()),
      [](double x) { return std::tanh(x); }, relative(3e-7));
}

TEST(Tanh, IsOddAndBoundedAndKeepsNaN) {
  const Function tanh = transfer(TransferFunction::tanh);
  for (const Kernels* kernels : all_kernels()) {
    const auto positive = sweep(0, 100);
    std::vector<float> negative;
    for (const float value : positive) negative.push_back(-value);
    const auto right = evaluate(*kernels, tanh, positive), left = evaluate(*kernels, tanh, negative);
    for (std::size_t i = 0; i < right.size(); ++i) {
      ASSERT_EQ(left[i], -right[i]) << positive[i];
      ASSERT_LE(right[i], 1) << positive[i];
    }
    EXPECT_EQ(evaluate_one(*kernels, tanh, support::infinity), 1);
    EXPECT_EQ(evaluate_one(*kernels, tanh, -support::infinity), -1);
    EXPECT_TRUE(std::isnan(evaluate_one(*kernels, tanh, not_a_number)));
    EXPECT_TRUE(std::isnan(evaluate_one(*kernels, tanh, -not_a_number)));
  }
}

TEST(Sigmoid, IsExactToAFewUnitsInTheLastPlace) {
  // Below −87 the exponential is held, so the value stays at e⁻⁸⁷ instead of going on to 0.
  expect_error_within(
      transfer(TransferFunction::sigmoid), sweep_both_signs(87),
      [](double x) { return 1 / (1 + std::exp(-x)); }, relative(3e-7));
}

TEST(Sigmoid, IsBoundedAndKeepsNaN) {
  const Function sigmoid = transfer(TransferFunction::sigmoid);
  for (const Kernels* kernels : all_kernels()) {
    EXPECT_EQ(evaluate_one(*kernels, sigmoid, 0), 0.5f);
    EXPECT_EQ(evaluate_one(*kernels, sigmoid, support::infinity), 1);
    const float low = evaluate_one(*kernels, sigmoid, -support::infinity);
    EXPECT_GE(low, 0);
    EXPECT_LT(low, 1e-37f);
    EXPECT_TRUE(std::isnan(evaluate_one(*kernels, sigmoid, not_a_number)));
  }
}

TEST(Relu, KeepsNumbersThatAreNotNegativeAndNaN) {
  const Function relu = transfer(TransferFunction::relu);
  const float smallest = std::numeric_limits<float>::denorm_min();
  for (const Kernels* kernels : all_kernels()) {
    const auto found = evaluate(
        *kernels, relu, {-1, -smallest, -0.0f, 0, smallest, 2.5f, support::infinity, -support::infinity});
    support::expect_same_bits({0, 0, -0.0f, 0, smallest, 2.5f, support::infinity, 0}, found,
                              kernels->instruction_set);
    EXPECT_TRUE(std::isnan(evaluate_one(*kernels, relu, not_a_number)));
  }
}

TEST(Identity, CopiesBits) {
  const std::vector<float> values = {-1, -0.0f, 1e-45f, support::infinity, -support::infinity, 3.25f};
  for (const Kernels* kernels : all_kernels())
    support::expect_same_bits(values, evaluate(*kernels, transfer(TransferFunction::identity), values),
                              kernels->instruction_set);
}

TEST(ElementaryFunctions, GiveTheSameBitsOnEveryInstructionSetOfOneArithmetic) {
  const auto all = sweep_both_signs(support::infinity);
  const auto normal = sweep(std::numeric_limits<float>::min(), std::numeric_limits<float>::max());
  for (const Arithmetic arithmetic : {Arithmetic::plain, Arithmetic::fused}) {
    const Kernels* first = find_kernels(arithmetic);
    for (const Kernels* kernels : all_kernels()) {
      if (kernels->arithmetic != arithmetic || kernels == first) continue;
      const auto compare = [&](const char* name, const Function& function, const std::vector<float>& values) {
        support::expect_same_bits(evaluate(*first, function, values), evaluate(*kernels, function, values),
                                  name);
      };
      compare("exponential", exponential, all);
      compare("tanh", transfer(TransferFunction::tanh), all);
      compare("sigmoid", transfer(TransferFunction::sigmoid), all);
      compare("logarithm", logarithm, normal);
    }
  }
}

TEST(ElementaryFunctions, DoNotDependOnTheLane) {
  support::Numbers numbers(1);
  const auto values = numbers.uniforms(8, -3, 3);
  auto turned = values;
  std::rotate(turned.begin(), turned.begin() + 3, turned.end());
  for (const Kernels* kernels : all_kernels()) {
    const Function tanh = transfer(TransferFunction::tanh);
    auto expected = evaluate(*kernels, tanh, values);
    std::rotate(expected.begin(), expected.begin() + 3, expected.end());
    support::expect_same_bits(expected, evaluate(*kernels, tanh, turned), kernels->instruction_set);
  }
}

TEST(NaturalLogarithm, IsExactToAFewUnitsInTheLastPlaceOfFloat64) {
  support::Numbers numbers(2);
  for (int i = 0; i < 200000; ++i) {
    const double x = std::ldexp(static_cast<double>(numbers.uniform(0.5, 1)), i % 600 - 300);
    ASSERT_NEAR(natural_logarithm(x), std::log(x), 2e-15 * std::max(1.0, std::abs(std::log(x)))) << x;
  }
  EXPECT_EQ(natural_logarithm(1), 0);
}

/// Holds a function of float64 to `exact`, with few units in the last place of error.
void expect_exact(double (*function)(double), double (*exact)(double), const std::vector<double>& values) {
  for (const double x : values) ASSERT_NEAR(function(x), exact(x), 4e-16 * std::abs(exact(x))) << x;
}

/// Many numbers between −limit and limit, of all sizes.
std::vector<double> spread(double limit) {
  support::Numbers numbers(3);
  std::vector<double> values;
  for (int i = 0; i < 100000; ++i) {
    values.push_back(numbers.uniform(-limit, limit));
    values.push_back(std::ldexp(static_cast<double>(numbers.uniform(-1, 1)), -(i % 40)) +
                     1e-9 * static_cast<double>(numbers.uniform(-1, 1)));
  }
  return values;
}

TEST(NaturalExponential, IsExactToAFewUnitsInTheLastPlaceOfFloat64) {
  expect_exact(natural_exponential, std::exp, spread(700));
  EXPECT_EQ(natural_exponential(0), 1);
}

TEST(NaturalExponential, GoesFromZeroToInfinity) {
  constexpr double least = std::numeric_limits<double>::denorm_min();
  EXPECT_EQ(natural_exponential(-std::numeric_limits<double>::infinity()), 0);
  EXPECT_EQ(natural_exponential(-1e300), 0);
  EXPECT_EQ(natural_exponential(-745.2), 0);
  EXPECT_EQ(natural_exponential(-745.1), least);
  EXPECT_NEAR(natural_exponential(-720), std::exp(-720), least);
  EXPECT_NEAR(natural_exponential(709.78) / std::exp(709.78), 1, 4e-16);
  for (const double x : {709.8, 1e4, 1e300, std::numeric_limits<double>::infinity()})
    EXPECT_EQ(natural_exponential(x), std::numeric_limits<double>::infinity()) << x;
  EXPECT_TRUE(std::isnan(natural_exponential(std::numeric_limits<double>::quiet_NaN())));
}

TEST(SineAndCosine, AreExactToAFewUnitsInTheLastPlaceOfFloat64) {
  for (const double limit : {10.0, 1e5}) {
    auto values = spread(limit);
    for (int quarter = -100; quarter <= 100; ++quarter) values.push_back(quarter * 1.5707963267948966);
    expect_exact(sine, std::sin, values);
    expect_exact(cosine, std::cos, values);
  }
  EXPECT_EQ(sine(0), 0);
  EXPECT_EQ(cosine(0), 1);
}

TEST(SineAndCosine, AreNotNumbersWhereTheyWouldNotBeExact) {
  for (const double x : {1.1e5, -1e300, std::numeric_limits<double>::infinity()}) {
    EXPECT_TRUE(std::isnan(sine(x))) << x;
    EXPECT_TRUE(std::isnan(cosine(x))) << x;
  }
}

}  // namespace

}  // namespace nullcline
