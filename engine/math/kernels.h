#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <vector>

#include "engine/math/arithmetic.h"
#include "engine/math/panels.h"

namespace nullcline {

struct Kernels;

/// Rows of a matrix are worked on in as few tiles as hold them, all of nearly the same number of rows: a tile
/// of one or two rows would leave most registers empty.
__attribute__((always_inline)) inline int tiles_of(int rows, int most_rows) {
  return (rows + most_rows - 1) / most_rows;
}
__attribute__((always_inline)) inline int first_row_of(int tile, int rows, int tiles) {
  return static_cast<int>(static_cast<std::int64_t>(rows) * tile / tiles);
}

/// A matrix that stands row by row, or the transpose of one.
struct MatrixView {
  const float* values;
  int rows;
  int columns;
  /// Between neighbours in a column and in a row.
  std::ptrdiff_t row_stride;
  std::ptrdiff_t column_stride;
};
constexpr MatrixView row_major(const float* values, int rows, int columns) {
  return {values, rows, columns, columns, 1};
}
constexpr MatrixView transposed(const MatrixView& matrix) {
  return {matrix.values, matrix.columns, matrix.rows, matrix.column_stride, matrix.row_stride};
}

/// A matrix stored as the product kernel reads it: tile by tile, in each `[column][row of the tile]`.
class PackedMatrix {
 public:
  /// Packs matrices of as many rows each for these kernels, as one in which they stand side by side.
  void pack(const Kernels& kernels, std::initializer_list<MatrixView> matrices);
  int rows() const { return rows_; }
  int columns() const { return columns_; }
  const float* data() const { return tiles_.data(); }

 private:
  FloatBuffer tiles_;
  int rows_ = 0;
  int columns_ = 0;
};

/// Firing rate of a unit as a function of its state.
struct TransferFunction {
  enum Type { relu, tanh, sigmoid, identity, softplus, leaky_relu, gelu };
  Type type = relu;
  /// Slope below zero of leaky_relu, sharpness β of softplus; the others have none.
  float parameter = 1;

  // NOLINTNEXTLINE(google-explicit-constructor): a type alone is a function too.
  constexpr TransferFunction(Type which = relu, float value = 1) : type(which), parameter(value) {}
};

/// Panels that stand `stride` floats apart. They are handed on by reference: copied, they would go through
/// memory in WebAssembly, by stores of four bytes and loads of eight, which wait for each other.
struct PanelsIn {
  const float* data;
  std::ptrdiff_t stride;
};
struct PanelsOut {
  float* data;
  std::ptrdiff_t stride;
};

/// The gates of gated units, each as long as there are units and lanes.
template <class Float>
struct Gates {
  Float* forget;
  Float* input;
  Float* candidate;
  Float* output;
};

/// The work that is worth machine-specific code, for one instruction set and one arithmetic.
/// Everything here gives the same bits on every instruction set of the same arithmetic.
struct Kernels {
  Arithmetic arithmetic;
  const char* instruction_set;

  /// The most rows of weights in a tile of a packed matrix.
  int tile_rows;

  /// out[p][i][·] = initial[i] + Σ_j matrix[i][j] · in[p][j][·], the sum in order of j, for each of `panels`
  /// panels.
  void (*multiply)(const float* tiles, int rows, int columns, const PanelsIn& in, const float* initial,
                   const PanelsOut& out, int panels);

  /// The same, added to what is in `out`.
  void (*multiply_add)(const float* tiles, int rows, int columns, const PanelsIn& in, const PanelsOut& out,
                       int panels);

  /// gradient[i][j] += Σ_lanes Σ_k left[k][i][·] · right[k][j][·] (columns wide, row-major) over `steps`
  /// steps of one panel: each lane in order of k, then the lanes by the tree ((0+4)+(2+6))+((1+5)+(3+7)).
  void (*accumulate_outer)(const PanelsIn& left, int rows, const PanelsIn& right, int columns, int steps,
                           float* gradient);

  /// gradient[i] += Σ_lanes Σ_k left[k][i][·], in the same order.
  void (*accumulate_sum)(const PanelsIn& left, int rows, int steps, float* gradient);

  /// A step of leaky units: state[i][·] = (1 − alpha[i]) · previous[i][·] + alpha[i] · drive[i][·], plus
  /// noise_scale[i] · noise[i][·] where noise is given, and rate = f(state), for `rows` units of one panel.
  void (*leaky_step)(TransferFunction function, const float* previous, const float* drive, const float* alpha,
                     const float* noise, const float* noise_scale, float* state, float* rate, int rows);

  /// Its adjoint: state_gradient[i][·] = f'(state) · rate_gradient + (1 − alpha[i]) · state_gradient[i][·]
  /// and drive_gradient[i][·] = alpha[i] · state_gradient[i][·].
  void (*leaky_adjoint)(TransferFunction function, const float* state, const float* rate,
                        const float* rate_gradient, const float* alpha, float* state_gradient,
                        float* drive_gradient, int rows);

  /// A step of gated units (Hochreiter & Schmidhuber 1997; Gers, Schmidhuber & Cummins 2000): the gates from
  /// their drives, forget, input and output by the sigmoid and the candidate by tanh, cell = forget · before
  /// + input · candidate, squashed = squash(cell) and hidden = output · squashed, for `size` values.
  void (*gated_step)(TransferFunction squash, const Gates<const float>& drive, const float* before,
                     const Gates<float>& gates, float* cell, float* squashed, float* hidden,
                     std::size_t size);

  /// Its adjoint: from the gradients of hidden and of the later cell those of the drives and of the cell
  /// before.
  void (*gated_adjoint)(TransferFunction squash, const Gates<const float>& gates, const float* before,
                        const float* cell, const float* squashed, const float* hidden_gradient,
                        float* cell_gradient, const Gates<float>& drive_gradient, std::size_t size);

  /// rate[i] = f(state[i])
  void (*transfer)(TransferFunction function, const float* state, float* rate, std::size_t size);

  /// gradient[i] *= f'(state[i]), from the state and the rate f(state[i]).
  void (*transfer_adjoint)(TransferFunction function, const float* state, const float* rate, float* gradient,
                           std::size_t size);

  /// Standard normal deviates from pairs of random words (Box and Muller 1958): `first[i]`, `second[i]` →
  /// `cosine[i]`, `sine[i]`; size is a multiple of 8. The largest deviate is 5.77.
  void (*normal_deviates)(const std::uint32_t* first, const std::uint32_t* second, float* cosine, float* sine,
                          std::size_t size);

  /// result[i] = exp(values[i]), log(values[i]) (positive, normal numbers); size is a multiple of 8.
  void (*exponential)(const float* values, float* result, std::size_t size);
  void (*logarithm)(const float* values, float* result, std::size_t size);
};

/// True where this build can do the arithmetic on this processor, probed once.
bool arithmetic_available(Arithmetic arithmetic);

/// The fastest kernels of that arithmetic that this processor runs; null when there are none.
const Kernels* find_kernels(Arithmetic arithmetic);

/// Every set of kernels that this processor runs, the fastest first.
std::vector<const Kernels*> all_kernels();

}  // namespace nullcline
