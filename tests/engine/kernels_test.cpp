// The kernels of every instruction set against plain loops in the same arithmetic, to the bit.
#include "engine/math/kernels.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "tests/engine/support.h"

namespace nullcline {

namespace {

using support::expect_same_bits;
using support::Numbers;

constexpr int sizes[] = {1, 2, 3, 5, 6, 7, 8, 13, 50, 101};
constexpr auto width = static_cast<std::size_t>(panel_width);

std::size_t size_of(std::ptrdiff_t number) { return static_cast<std::size_t>(number); }

/// a · b + c in that arithmetic.
float multiply_add(Arithmetic arithmetic, float a, float b, float c) {
  return arithmetic == Arithmetic::fused ? std::fmaf(a, b, c) : a * b + c;
}

float sum_lanes(const float (&x)[panel_width]) {
  return ((x[0] + x[4]) + (x[2] + x[6])) + ((x[1] + x[5]) + (x[3] + x[7]));
}

std::vector<const Kernels*> kernels_of(Arithmetic arithmetic) {
  std::vector<const Kernels*> found = all_kernels();
  std::erase_if(found, [&](const Kernels* kernels) { return kernels->arithmetic != arithmetic; });
  return found;
}

std::string described(const Kernels& kernels) {
  return std::string(kernels.instruction_set) + ", " + to_string(kernels.arithmetic);
}

/// Panels (or steps) of random values a stride apart that is more than their rows need. There is nothing
/// after the last row of the last one, so that the address sanitizer sees what is read or written beyond it.
struct Panels {
  Panels(int count, int rows, int gap, Numbers& numbers)
      : stride((rows + gap) * panel_width),
        values(numbers.uniforms(size_of((count - 1) * stride + rows * panel_width), -1, 1)) {}

  PanelsIn in() const { return {values.data(), stride}; }
  PanelsOut out() { return {values.data(), stride}; }
  float& at(int panel, int row, int lane) {
    return values[size_of(panel * stride + row * panel_width + lane)];
  }
  float at(int panel, int row, int lane) const {
    return values[size_of(panel * stride + row * panel_width + lane)];
  }

  std::ptrdiff_t stride;
  std::vector<float> values;
};

void plain_multiply_add(Arithmetic arithmetic, const std::vector<float>& matrix, int rows, int columns,
                        const Panels& in, int panels, Panels& out) {
  for (int panel = 0; panel < panels; ++panel)
    for (int i = 0; i < rows; ++i)
      for (int lane = 0; lane < panel_width; ++lane)
        for (int j = 0; j < columns; ++j)
          out.at(panel, i, lane) = multiply_add(arithmetic, matrix[size_of(i * columns + j)],
                                                in.at(panel, j, lane), out.at(panel, i, lane));
}

void check_multiply_add(Arithmetic arithmetic, int rows, int columns, int panels) {
  Numbers numbers(static_cast<unsigned>(1000 * rows + 10 * columns + panels));
  const auto matrix = numbers.uniforms(size_of(rows * columns), -1, 1);
  const Panels in(panels, columns, /*gap=*/3, numbers);
  const Panels before(panels, rows, /*gap=*/1, numbers);
  Panels expected = before;
  plain_multiply_add(arithmetic, matrix, rows, columns, in, panels, expected);
  const auto initial = numbers.uniforms(size_of(rows), -1, 1);
  Panels expected_from_initial = before;
  for (int panel = 0; panel < panels; ++panel)
    for (int i = 0; i < rows; ++i)
      for (int lane = 0; lane < panel_width; ++lane)
        expected_from_initial.at(panel, i, lane) = initial[size_of(i)];
  plain_multiply_add(arithmetic, matrix, rows, columns, in, panels, expected_from_initial);
  for (const Kernels* kernels : kernels_of(arithmetic)) {
    PackedMatrix packed;
    packed.pack(*kernels, {row_major(matrix.data(), rows, columns)});
    const std::string what = described(*kernels) + ": " + std::to_string(rows) + " × " +
                             std::to_string(columns) + " times " + std::to_string(panels) + " panels";
    Panels found = before;
    kernels->multiply_add(packed.data(), rows, columns, in.in(), found.out(), panels);
    expect_same_bits(expected.values, found.values, what);
    found = before;
    kernels->multiply(packed.data(), rows, columns, in.in(), initial.data(), found.out(), panels);
    expect_same_bits(expected_from_initial.values, found.values, what + " from initial values");
  }
}

void plain_outer(Arithmetic arithmetic, const Panels& left, int rows, const Panels& right, int columns,
                 int steps, std::vector<float>& gradient) {
  for (int i = 0; i < rows; ++i)
    for (int j = 0; j < columns; ++j) {
      float lanes[panel_width] = {};
      for (int step = 0; step < steps; ++step)
        for (int lane = 0; lane < panel_width; ++lane)
          lanes[lane] =
              multiply_add(arithmetic, left.at(step, i, lane), right.at(step, j, lane), lanes[lane]);
      gradient[size_of(i * columns + j)] += sum_lanes(lanes);
    }
}

void check_outer(Arithmetic arithmetic, int rows, int columns, int steps) {
  Numbers numbers(static_cast<unsigned>(1000 * rows + 10 * columns + steps));
  const Panels left(steps, rows, /*gap=*/2, numbers);
  const Panels right(steps, columns, /*gap=*/5, numbers);
  const auto before = numbers.uniforms(size_of(rows * columns), -1, 1);
  auto expected = before;
  plain_outer(arithmetic, left, rows, right, columns, steps, expected);
  for (const Kernels* kernels : kernels_of(arithmetic)) {
    auto found = before;
    kernels->accumulate_outer(left.in(), rows, right.in(), columns, steps, found.data());
    expect_same_bits(expected, found,
                     described(*kernels) + ": " + std::to_string(rows) + " × " + std::to_string(columns) +
                         " over " + std::to_string(steps) + " steps");
  }
}

void check_sum(Arithmetic arithmetic, int rows, int steps) {
  Numbers numbers(static_cast<unsigned>(100 * rows + steps));
  const Panels left(steps, rows, /*gap=*/2, numbers);
  const auto before = numbers.uniforms(size_of(rows), -1, 1);
  auto expected = before;
  for (int i = 0; i < rows; ++i) {
    float lanes[panel_width] = {};
    for (int step = 0; step < steps; ++step)
      for (int lane = 0; lane < panel_width; ++lane) lanes[lane] += left.at(step, i, lane);
    expected[size_of(i)] += sum_lanes(lanes);
  }
  for (const Kernels* kernels : kernels_of(arithmetic)) {
    auto found = before;
    kernels->accumulate_sum(left.in(), rows, steps, found.data());
    expect_same_bits(
        expected, found,
        described(*kernels) + ": " + std::to_string(rows) + " rows over " + std::to_string(steps) + " steps");
  }
}

class KernelsOf : public testing::TestWithParam<Arithmetic> {
 protected:
  void SetUp() override {
    if (!arithmetic_available(GetParam())) GTEST_SKIP() << "not to be had here";
  }
};

INSTANTIATE_TEST_SUITE_P(Arithmetic, KernelsOf, testing::Values(Arithmetic::plain, Arithmetic::fused),
                         [](const auto& test) { return to_string(test.param); });

TEST_P(KernelsOf, MultiplyAddSumsInOrderOfTheUnits) {
  for (const int rows : sizes)
    for (const int columns : sizes)
      for (const int panels : {1, 2, 3, 4, 5, 8, 15, 25, 38}) {  // up to 300 trials
        check_multiply_add(GetParam(), rows, columns, panels);
        if (HasFailure()) return;
      }
}

TEST_P(KernelsOf, OuterProductsAreSummedStepByStepThenByTheTree) {
  for (const int rows : sizes)
    for (const int columns : sizes)
      for (int steps = 1; steps <= 27; ++steps) {
        // Large matrices with all numbers of steps would take most of the suite's time.
        if (rows * columns > 1000 && steps > 3 && steps < steps_per_block) continue;
        check_outer(GetParam(), rows, columns, steps);
        if (HasFailure()) return;
      }
}

TEST_P(KernelsOf, SumsAreTakenStepByStepThenByTheTree) {
  for (const int rows : sizes)
    for (int steps = 1; steps <= 27; ++steps) {
      check_sum(GetParam(), rows, steps);
      if (HasFailure()) return;
    }
}

TEST_P(KernelsOf, LeakyIntegrationRoundsEachProductAndSum) {
  Numbers numbers(3);
  for (const std::size_t size : {width, 3 * width, 101 * width}) {
    const auto previous = numbers.uniforms(size, -2, 2), drive = numbers.uniforms(size, -2, 2),
               noise = numbers.normals(size);
    const int rows = static_cast<int>(size / width);
    const auto alpha = numbers.uniforms(size_of(rows), .01, 1), scale = numbers.uniforms(size_of(rows), 0, 1);
    std::vector<float> quiet(size), noisy(size);
    for (std::size_t i = 0; i < size; ++i) {
      const std::size_t row = i / width;
      quiet[i] = (1 - alpha[row]) * previous[i] + alpha[row] * drive[i];
      noisy[i] = quiet[i] + scale[row] * noise[i];
    }
    for (const Kernels* kernels : kernels_of(GetParam())) {
      std::vector<float> state(size), rate(size), expected_rate(size);
      for (const TransferFunction function : {TransferFunction::relu, TransferFunction::tanh})
        for (const bool has_noise : {false, true}) {
          const auto& expected = has_noise ? noisy : quiet;
          kernels->leaky_step(function, previous.data(), drive.data(), alpha.data(),
                              has_noise ? noise.data() : nullptr, scale.data(), state.data(), rate.data(),
                              rows);
          expect_same_bits(expected, state, described(*kernels) + (has_noise ? " with noise" : ""));
          kernels->transfer(function, expected.data(), expected_rate.data(), size);
          expect_same_bits(expected_rate, rate, described(*kernels) + ", rates");
        }
    }
  }
}

TEST_P(KernelsOf, AdjointsOfTheTransferFunctionsAreTheirDerivatives) {
  Numbers numbers(4);
  const std::size_t size = 13 * width;
  auto state = numbers.uniforms(size, -3, 3);
  state[0] = 0;  // the derivative of ReLU at 0 is 0
  const auto before = numbers.uniforms(size, -1, 1);
  const auto derivative = [](TransferFunction function, float s, float r) {
    switch (function.type) {
      case TransferFunction::relu:
        return s > 0 ? 1.0f : 0.0f;
      case TransferFunction::tanh:
        return 1 - r * r;
      case TransferFunction::sigmoid:
        return r * (1 - r);
      default:
        return 1.0f;
    }
  };
  for (const Kernels* kernels : kernels_of(GetParam()))
    for (const TransferFunction function : {TransferFunction::relu, TransferFunction::tanh,
                                            TransferFunction::sigmoid, TransferFunction::identity}) {
      std::vector<float> rate(size), expected(size), found = before;
      kernels->transfer(function, state.data(), rate.data(), size);
      for (std::size_t i = 0; i < size; ++i)
        expected[i] = before[i] * derivative(function, state[i], rate[i]);
      kernels->transfer_adjoint(function, state.data(), rate.data(), found.data(), size);
      expect_same_bits(expected, found,
                       described(*kernels) + ", function " + std::to_string(static_cast<int>(function.type)));
    }
}

TEST_P(KernelsOf, TheLeakyAdjointRoundsEachProductAndSum) {
  Numbers numbers(5);
  const std::size_t size = 13 * width;
  const auto state = numbers.uniforms(size, -3, 3), rate_gradient = numbers.uniforms(size, -1, 1),
             later = numbers.uniforms(size, -1, 1);
  const auto alpha = numbers.uniforms(13, .01, 1);
  for (const Kernels* kernels : kernels_of(GetParam()))
    for (const TransferFunction function :
         {TransferFunction(TransferFunction::relu), TransferFunction(TransferFunction::tanh),
          TransferFunction(TransferFunction::sigmoid), TransferFunction(TransferFunction::identity),
          TransferFunction(TransferFunction::leaky_relu, .1f)}) {
      std::vector<float> rate(size), through_rate = rate_gradient, expected_state(size), expected_drive(size);
      kernels->transfer(function, state.data(), rate.data(), size);
      kernels->transfer_adjoint(function, state.data(), rate.data(), through_rate.data(), size);
      for (std::size_t i = 0; i < size; ++i) {
        const float take = alpha[i / width];
        expected_state[i] = through_rate[i] + (1 - take) * later[i];
        expected_drive[i] = take * expected_state[i];
      }
      std::vector<float> found_state = later, found_drive(size);
      kernels->leaky_adjoint(function, state.data(), rate.data(), rate_gradient.data(), alpha.data(),
                             found_state.data(), found_drive.data(), 13);
      expect_same_bits(expected_state, found_state, described(*kernels) + ", states");
      expect_same_bits(expected_drive, found_drive, described(*kernels) + ", drives");
    }
}

TEST_P(KernelsOf, GatedUnitsAreTheirTransferFunctionsOneByOne) {
  Numbers numbers(6);
  const std::size_t size = 13 * width;
  using Values = std::vector<float>;
  const auto in = [](const std::array<Values, 4>& of) {
    return Gates<const float>{of[0].data(), of[1].data(), of[2].data(), of[3].data()};
  };
  const auto out = [](std::array<Values, 4>& of) {
    return Gates<float>{of[0].data(), of[1].data(), of[2].data(), of[3].data()};
  };
  const auto draw = [&] { return numbers.uniforms(size, -3, 3); };
  const std::array drive = {draw(), draw(), draw(), draw()};
  const Values before = draw(), hidden_gradient = draw(), later = draw();
  const TransferFunction functions[] = {TransferFunction::sigmoid, TransferFunction::sigmoid,
                                        TransferFunction::tanh, TransferFunction::sigmoid};
  for (const Kernels* kernels : kernels_of(GetParam()))
    for (const TransferFunction squash :
         {TransferFunction(TransferFunction::tanh), TransferFunction(TransferFunction::sigmoid)}) {
      std::array gates = drive, found = drive;
      Values cell(size), squashed(size), hidden(size), expected_cell(size), expected_squashed(size);
      kernels->gated_step(squash, in(drive), before.data(), out(found), cell.data(), squashed.data(),
                          hidden.data(), size);
      for (std::size_t g = 0; g < 4; ++g) {
        kernels->transfer(functions[g], drive[g].data(), gates[g].data(), size);
        expect_same_bits(gates[g], found[g], described(*kernels) + ", gate " + std::to_string(g));
      }
      const auto& [f, i, c, o] = gates;
      for (std::size_t k = 0; k < size; ++k) expected_cell[k] = f[k] * before[k] + i[k] * c[k];
      kernels->transfer(squash, expected_cell.data(), expected_squashed.data(), size);
      expect_same_bits(expected_cell, cell, described(*kernels) + ", cell");
      expect_same_bits(expected_squashed, squashed, described(*kernels) + ", squashed cell");
      for (std::size_t k = 0; k < size; ++k) EXPECT_EQ(hidden[k], o[k] * squashed[k]);

      std::array expected = drive;
      Values through = hidden_gradient, expected_cell_gradient(size), cell_gradient = later;
      for (std::size_t k = 0; k < size; ++k) through[k] *= o[k];
      kernels->transfer_adjoint(squash, cell.data(), squashed.data(), through.data(), size);
      for (std::size_t k = 0; k < size; ++k) {
        const float g = later[k] + through[k];
        expected[0][k] = g * before[k];
        expected[1][k] = g * c[k];
        expected[2][k] = g * i[k];
        expected[3][k] = hidden_gradient[k] * squashed[k];
        expected_cell_gradient[k] = g * f[k];
      }
      kernels->gated_adjoint(squash, in(gates), before.data(), cell.data(), squashed.data(),
                             hidden_gradient.data(), cell_gradient.data(), out(found), size);
      for (std::size_t g = 0; g < 4; ++g) {
        kernels->transfer_adjoint(functions[g], gates[g].data(), gates[g].data(), expected[g].data(), size);
        expect_same_bits(expected[g], found[g], described(*kernels) + ", drive " + std::to_string(g));
      }
      expect_same_bits(expected_cell_gradient, cell_gradient, described(*kernels) + ", earlier cell");
    }
}

TEST(PackedMatrix, TransposedIsThePackingOfTheTranspose) {
  Numbers numbers(1);
  for (const int rows : sizes)
    for (const int columns : sizes) {
      const auto matrix = numbers.uniforms(size_of(rows * columns), -1, 1);
      std::vector<float> transpose(matrix.size());
      for (int i = 0; i < rows; ++i)
        for (int j = 0; j < columns; ++j) transpose[size_of(j * rows + i)] = matrix[size_of(i * columns + j)];
      PackedMatrix expected, found;
      const Kernels& kernels = *find_kernels(Arithmetic::plain);
      expected.pack(kernels, {row_major(transpose.data(), columns, rows)});
      found.pack(kernels, {transposed(row_major(matrix.data(), rows, columns))});
      ASSERT_EQ(found.rows(), columns);
      ASSERT_EQ(found.columns(), rows);
      expect_same_bits({expected.data(), expected.data() + matrix.size()},
                       {found.data(), found.data() + matrix.size()}, "the packed transpose");
    }
}

TEST(PackedMatrix, MatricesSideBySideArePackedAsTheOneTheyMake) {
  Numbers numbers(2);
  const Kernels& kernels = *find_kernels(Arithmetic::plain);
  for (const int rows : sizes)
    for (const int columns : sizes) {
      const int more = 3;
      const auto left = numbers.uniforms(size_of(rows * columns), -1, 1);
      const auto right = numbers.uniforms(size_of(rows * more), -1, 1);
      std::vector<float> joined;
      for (int i = 0; i < rows; ++i) {
        joined.insert(joined.end(), left.begin() + i * columns, left.begin() + (i + 1) * columns);
        joined.insert(joined.end(), right.begin() + i * more, right.begin() + (i + 1) * more);
      }
      PackedMatrix expected, found;
      expected.pack(kernels, {row_major(joined.data(), rows, columns + more)});
      found.pack(kernels, {row_major(left.data(), rows, columns), row_major(right.data(), rows, more)});
      ASSERT_EQ(found.columns(), columns + more);
      expect_same_bits({expected.data(), expected.data() + joined.size()},
                       {found.data(), found.data() + joined.size()}, "side by side");
    }
}

TEST(Kernels, ThereIsAPlainSetEverywhereAndTheChosenSetsAreAmongThoseTested) {
  const auto all = all_kernels();
  ASSERT_NE(find_kernels(Arithmetic::plain), nullptr);
  for (const Arithmetic arithmetic : {Arithmetic::plain, Arithmetic::fused}) {
    const Kernels* chosen = find_kernels(arithmetic);
    EXPECT_EQ(arithmetic_available(arithmetic), chosen != nullptr);
    if (chosen == nullptr) continue;
    EXPECT_EQ(chosen->arithmetic, arithmetic);
    EXPECT_NE(std::find(all.begin(), all.end(), chosen), all.end());
  }
}

TEST(Kernels, PlainAndFusedDifferOnlyInRounding) {
  if (!arithmetic_available(Arithmetic::fused)) GTEST_SKIP() << "one arithmetic only";
  Numbers numbers(9);
  const auto matrix = numbers.uniforms(50 * 50, -1, 1);
  const Panels in(1, 50, 0, numbers);
  Panels plain(1, 50, 0, numbers);
  Panels fused = plain;
  for (const auto& [arithmetic, out] : {std::pair{Arithmetic::plain, &plain}, {Arithmetic::fused, &fused}}) {
    const Kernels& kernels = *find_kernels(arithmetic);
    PackedMatrix packed;
    packed.pack(kernels, {row_major(matrix.data(), 50, 50)});
    kernels.multiply_add(packed.data(), 50, 50, in.in(), out->out(), 1);
  }
  EXPECT_NE(plain.values, fused.values);
  for (std::size_t i = 0; i < plain.values.size(); ++i)
    EXPECT_NEAR(plain.values[i], fused.values[i], 1e-5) << i;
}

}  // namespace

}  // namespace nullcline
