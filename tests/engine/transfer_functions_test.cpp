// Softplus, leaky ReLU and GELU and their derivatives: the same bits on all instruction sets, and close to
// float64.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/math/kernels.h"
#include "tests/engine/support.h"

namespace nullcline {

namespace {

struct Exact {
  std::string name;
  TransferFunction function;
  double (*value)(double state, double parameter);
  double (*slope)(double state, double parameter);
  /// What an error of the slope is compared with, where it is a sum of terms that cancel.
  double (*slope_scale)(double state, double parameter);
  /// By how much the function multiplies an exponential, which ends at e⁻⁸⁷, where normal numbers nearly do.
  double factor;
};

double exact_sigmoid(double x) { return x < 0 ? std::exp(x) / (1 + std::exp(x)) : 1 / (1 + std::exp(-x)); }
double softplus(double s, double beta) {
  return (std::max(beta * s, 0.0) + std::log1p(std::exp(-std::abs(beta * s)))) / beta;
}
double softplus_slope(double s, double beta) { return exact_sigmoid(beta * s); }
double leaky(double s, double slope) { return s < 0 ? slope * s : s; }
double leaky_slope(double s, double slope) { return s > 0 ? 1 : slope; }
double distribution(double x) { return .5 * std::erfc(-x * std::sqrt(.5)); }
double density(double x) { return std::exp(-.5 * x * x) / std::sqrt(2 * std::acos(-1.0)); }
double gelu(double s, double) { return s * distribution(s); }
double gelu_slope(double s, double) { return distribution(s) + s * density(s); }
double gelu_slope_scale(double s, double) { return distribution(s) + std::abs(s) * density(s); }

void PrintTo(const Exact& exact, std::ostream* out) { *out << exact.name; }

class Transfer : public testing::TestWithParam<Exact> {
 protected:
  /// States of both signs and all magnitudes, most of them where the function bends; as many as fill panels.
  static std::vector<float> states() {
    support::Numbers numbers(7);
    std::vector<float> all = {0, -0.0f, 1, -1, .5f, -.5f, 2, -2};
    for (const double range : {.001, .1, 3.0, 12.0, 30.0, 300.0}) {
      const auto more = numbers.uniforms(20000, -range, range);
      all.insert(all.end(), more.begin(), more.end());
    }
    return all;
  }

  std::vector<float> values(const Kernels& kernels, const std::vector<float>& states) const {
    std::vector<float> rates(states.size());
    kernels.transfer(GetParam().function, states.data(), rates.data(), states.size());
    return rates;
  }

  /// The kernels' derivative: the adjoint of ones.
  std::vector<float> slopes(const Kernels& kernels, const std::vector<float>& states) const {
    const std::vector<float> rates = values(kernels, states);
    std::vector<float> gradient(states.size(), 1.0f);
    kernels.transfer_adjoint(GetParam().function, states.data(), rates.data(), gradient.data(),
                             states.size());
    return gradient;
  }

  /// Holds `found` to `exact` within a millionth of `scale`; with a β, plus what half a unit in the last
  /// place of the state changes, because β times a state loses that many digits in float32.
  void expect_accurate(const std::vector<float>& states, const std::vector<float>& found, double parameter,
                       double (*exact)(double, double), double (*scale)(double, double),
                       const std::string& what) const {
    const double smallest = 1.01 * std::exp(-87.0) * GetParam().factor;
    double worst = 0;
    std::size_t place = 0;
    for (std::size_t i = 0; i < states.size(); ++i) {
      const double wanted = exact(states[i], parameter), size = std::abs(scale(states[i], parameter));
      const double error = std::abs(static_cast<double>(found[i]) - wanted);
      const double moved = std::abs(exact(states[i] * (1 + 0x1p-24), parameter) - wanted);
      const double allowed = std::max(1e-6 * size + (parameter == 1 ? 0 : moved), smallest);
      if (error / allowed <= worst) continue;
      worst = error / allowed;
      place = i;
    }
    EXPECT_LE(worst, 1) << what << " at " << states[place] << ": found " << found[place] << ", exactly "
                        << exact(states[place], parameter);
  }
};

INSTANTIATE_TEST_SUITE_P(
    Functions, Transfer,
    testing::Values(
        Exact{"softplus", {TransferFunction::softplus, 1}, softplus, softplus_slope, softplus_slope, 1},
        Exact{"sharp_softplus", {TransferFunction::softplus, 5}, softplus, softplus_slope, softplus_slope, 1},
        Exact{
            "soft_softplus", {TransferFunction::softplus, .25f}, softplus, softplus_slope, softplus_slope, 4},
        Exact{"leaky_relu", {TransferFunction::leaky_relu, .2f}, leaky, leaky_slope, leaky_slope, 1},
        Exact{"gelu", {TransferFunction::gelu}, gelu, gelu_slope, gelu_slope_scale, 14}),
    [](const auto& test) { return test.param.name; });

TEST_P(Transfer, IsThatOfFloat64) {
  const std::vector<float> states = Transfer::states();
  for (const Kernels* kernels : all_kernels())
    expect_accurate(states, values(*kernels, states), GetParam().function.parameter, GetParam().value,
                    GetParam().value,
                    std::string(kernels->instruction_set) + ", " + to_string(kernels->arithmetic));
}

TEST_P(Transfer, HasTheDerivativeOfFloat64) {
  const std::vector<float> states = Transfer::states();
  for (const Kernels* kernels : all_kernels())
    expect_accurate(states, slopes(*kernels, states), GetParam().function.parameter, GetParam().slope,
                    GetParam().slope_scale,
                    std::string(kernels->instruction_set) + ", " + to_string(kernels->arithmetic));
}

TEST_P(Transfer, HasTheSameBitsOnAllInstructionSetsOfAnArithmetic) {
  std::vector<float> states = Transfer::states();
  for (const float extreme : {1e30f, -1e30f, 3e38f, -3e38f, 1e-40f, -1e-40f, 87.5f, -87.5f})
    states.push_back(extreme);
  for (const Kernels* kernels : all_kernels()) {
    const Kernels* first = find_kernels(kernels->arithmetic);
    const std::string what = std::string(kernels->instruction_set) + ", " + to_string(kernels->arithmetic);
    support::expect_same_bits(values(*first, states), values(*kernels, states), what);
    support::expect_same_bits(slopes(*first, states), slopes(*kernels, states), what + ": derivative");
  }
}

TEST_P(Transfer, OfVeryLargeStatesIsAStraightLine) {
  const std::vector<float> states = {1e4f, -1e4f, 1e18f, -1e18f, 1e30f, -1e30f, 3e37f, -3e37f};
  const TransferFunction function = GetParam().function;
  const float below = function.type == TransferFunction::leaky_relu ? function.parameter : 0;
  for (const Kernels* kernels : all_kernels()) {
    const auto rates = values(*kernels, states), derivatives = slopes(*kernels, states);
    for (std::size_t i = 0; i < states.size(); ++i) {
      const float slope = states[i] > 0 ? 1 : below;
      EXPECT_NEAR(derivatives[i], slope, 1e-30) << states[i];
      EXPECT_NEAR(rates[i], slope * states[i], 1e-6f * std::abs(slope * states[i]) + 1e-30f) << states[i];
    }
  }
}

TEST_P(Transfer, OfWhatIsNoNumberIsNone) {
  const std::vector<float> states(8, std::numeric_limits<float>::quiet_NaN());
  for (const Kernels* kernels : all_kernels())
    for (const float rate : values(*kernels, states))
      EXPECT_TRUE(std::isnan(rate)) << kernels->instruction_set << ", " << to_string(kernels->arithmetic);
}

}  // namespace

}  // namespace nullcline
