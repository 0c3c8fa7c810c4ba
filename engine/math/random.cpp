#include "engine/math/random.h"

#include <algorithm>
#include <vector>

#include "engine/math/elementary.h"
#include "engine/math/kernels.h"
#include "engine/math/panels.h"

// Random123 knows its targets by name and WebAssembly is not one of them; its portable code paths are those
// of ARM.
#if defined(__wasm__)
#define __arm__ 1
#endif
#include <Random123/philox.h>
#if defined(__wasm__)
#undef __arm__
#endif

namespace nullcline {

namespace {

/// Normals come in groups of four rows, one Philox call a trial.
constexpr int rows_per_call = 4;

}  // namespace

std::array<std::uint32_t, 4> random_words(std::uint32_t seed, Purpose purpose,
                                          const std::array<std::uint32_t, 4>& address) {
  const r123::Philox4x32::ctr_type counter = {{address[0], address[1], address[2], address[3]}};
  const r123::Philox4x32::key_type key = {{seed, static_cast<std::uint32_t>(purpose)}};
  const auto words = r123::Philox4x32()(counter, key);
  return {words[0], words[1], words[2], words[3]};
}

void fill_normals(const Kernels& kernels, std::uint32_t seed, Purpose purpose, std::uint32_t iteration,
                  std::uint32_t first_trial, std::uint32_t step, int rows, float* panel) {
  std::uint32_t words[rows_per_call][panel_width];
  float normals[rows_per_call][panel_width];
  for (int row = 0; row < rows; row += rows_per_call) {
    for (std::uint32_t lane = 0; lane < panel_width; ++lane) {
      const auto drawn = random_words(
          seed, purpose,
          {iteration, first_trial + lane, step, static_cast<std::uint32_t>(row / rows_per_call)});
      for (int i = 0; i < rows_per_call; ++i) words[i][lane] = drawn[static_cast<std::size_t>(i)];
    }
    const int height = std::min(rows_per_call, rows - row);
    // Deviates come in pairs of rows.
    for (int i = 0; i < height; i += 2)
      kernels.normal_deviates(words[i], words[i + 1], normals[i], normals[i + 1], panel_width);
    std::copy_n(normals[0], height * panel_width, panel + row * panel_width);
  }
}

void fill_normal_matrix(const Kernels& kernels, std::uint32_t seed, std::uint32_t matrix, int rows,
                        int columns, float* values) {
  // The rows of the matrix stand where trials stand elsewhere: lane by lane, eight at a time.
  std::vector<float> panel(static_cast<std::size_t>(columns) * panel_width);
  for (int first = 0; first < rows; first += panel_width) {
    fill_normals(kernels, seed, Purpose::initial_weights, 0, static_cast<std::uint32_t>(first), matrix,
                 columns, panel.data());
    for (int i = first; i < std::min(rows, first + panel_width); ++i)
      for (int j = 0; j < columns; ++j)
        values[static_cast<std::ptrdiff_t>(i) * columns + j] =
            panel[static_cast<std::size_t>(j * panel_width + i - first)];
  }
}

double Draws::uniform() {
  const auto words = random_words(seed_, purpose_, {iteration_, trial_, drawn_++, 0});
  return words[0] * 0x1p-32;
}

int Draws::choice(int count) { return static_cast<int>(uniform() * count); }

double Draws::exponential(double mean) { return -mean * natural_logarithm(1 - uniform()); }

}  // namespace nullcline
