#include "tools/bench/products.h"

#include <vector>

#include "tools/bench/rate.h"

namespace nullcline {

namespace {

constexpr int N_in = 2, N_out = 2, N_steps = 200;

/// A slice as training keeps it, and its weights.
struct Slice {
  PackedMatrix W_rec_and_W_in, W_rec_and_W_out_transposed, W_out;
  PanelSeries x, rate, drive, output, drive_gradient, rate_gradient;
  std::vector<float> bias, gradient;
};

void pack(const Kernels& kernels, int rows, int columns, PackedMatrix& matrix) {
  const std::vector<float> weights(static_cast<std::size_t>(rows * columns), 0.001f);
  matrix.pack(kernels, {row_major(weights.data(), rows, columns)});
}

Slice make_slice(const Kernels& kernels, int N_rec) {
  Slice slice;
  pack(kernels, N_rec, N_rec + N_in, slice.W_rec_and_W_in);
  pack(kernels, N_rec, N_rec + N_out, slice.W_rec_and_W_out_transposed);
  pack(kernels, N_out, N_rec, slice.W_out);
  const auto make = [](PanelSeries& series, int steps, int rows, int rows_below = 0) {
    series.resize(panels_per_slice, steps, rows, rows_below);
    series.fill(0.01f);
  };
  make(slice.x, N_steps, N_in);
  make(slice.rate, N_steps + 1, N_rec, N_in);
  make(slice.drive, 1, N_rec);
  make(slice.output, N_steps, N_out);
  make(slice.drive_gradient, steps_per_block, N_rec, N_out);
  make(slice.rate_gradient, 1, N_rec);
  slice.bias.resize(static_cast<std::size_t>(N_rec), 0.01f);
  return slice;
}

PanelsIn in(const PanelSeries& series, int step) { return {series.at(0, step), series.panel_stride()}; }
PanelsOut out(PanelSeries& series, int step) { return {series.at(0, step), series.panel_stride()}; }

void forward(const Kernels& kernels, int N_rec, Slice& slice) {
  for (int step = 0; step < N_steps; ++step) {
    place_below(slice.x, step, slice.rate, step);
    kernels.multiply(slice.W_rec_and_W_in.data(), N_rec, N_rec + N_in, in(slice.rate, step),
                     slice.bias.data(), out(slice.drive, 0), panels_per_slice);
  }
  for (int panel = 0; panel < panels_per_slice; ++panel)
    kernels.multiply(slice.W_out.data(), N_out, N_rec, {slice.rate.at(panel, 1), slice.rate.step_stride()},
                     slice.bias.data(), {slice.output.at(panel, 0), slice.output.step_stride()}, N_steps);
}

void backward(const Kernels& kernels, int N_rec, Slice& slice) {
  slice.gradient.assign(static_cast<std::size_t>(N_rec) * static_cast<std::size_t>(N_rec), 0.0f);
  for (int first = N_steps - steps_per_block; first >= 0; first -= steps_per_block) {
    for (int slot = steps_per_block - 1; slot >= 0; --slot) {
      place_below(slice.output, first + slot, slice.drive_gradient, slot);
      kernels.multiply(slice.W_rec_and_W_out_transposed.data(), N_rec, N_rec + N_out,
                       in(slice.drive_gradient, slot), slice.bias.data(), out(slice.rate_gradient, 0),
                       panels_per_slice);
    }
    for (int panel = 0; panel < panels_per_slice; ++panel) {
      const PanelsIn drive{slice.drive_gradient.at(panel, 0), slice.drive_gradient.step_stride()};
      const PanelsIn rate{slice.rate.at(panel, first), slice.rate.step_stride()};
      float* gradient = slice.gradient.data();
      kernels.accumulate_outer(drive, N_rec, rate, N_rec, steps_per_block, gradient);
      kernels.accumulate_outer(drive, N_rec, {slice.x.at(panel, first), slice.x.step_stride()}, N_in,
                               steps_per_block, gradient);
      kernels.accumulate_outer({slice.output.at(panel, first), slice.output.step_stride()}, N_out, rate,
                               N_rec, steps_per_block, gradient);
    }
  }
}

}  // namespace

double products_rate(const Kernels& kernels, int N_rec, double milliseconds) {
  Slice slice = make_slice(kernels, N_rec);
  const double multiply_adds = N_rec * (3.0 * N_rec + 2.0 * N_in + 3.0 * N_out);
  return rate(2 * multiply_adds * N_steps * trials_per_slice, milliseconds, [&] {
    forward(kernels, N_rec, slice);
    backward(kernels, N_rec, slice);
  });
}

}  // namespace nullcline
