#include "engine/math/kernels.h"

#include <algorithm>

namespace nullcline {

namespace portable_plain {
extern const Kernels kernels;
}
#if NULLCLINE_HAS_FUSED
namespace portable_fused {
extern const Kernels kernels;
}
#endif
#if NULLCLINE_HAS_X86
namespace avx2_plain {
extern const Kernels kernels;
}
namespace avx2_fused {
extern const Kernels kernels;
}
namespace avx512_plain {
extern const Kernels kernels;
}
namespace avx512_fused {
extern const Kernels kernels;
}
#endif

namespace {

/// True when these kernels round a product and a sum once: (1 + 2⁻¹²)² − (1 + 2⁻¹¹) is 2⁻²⁴ then, and 0
/// otherwise. WebAssembly's relaxed multiply-add is fused only where the processor has the instruction.
bool is_truly_fused(const Kernels& kernels) {
  const float weight = 1.0f + 0x1p-12f;
  float in[panel_width], out[panel_width];
  std::fill(in, in + panel_width, weight);
  std::fill(out, out + panel_width, -(1.0f + 0x1p-11f));
  kernels.multiply_add(&weight, 1, 1, {in, panel_width}, {out, panel_width}, 1);
  return std::all_of(out, out + panel_width, [](float value) { return value == 0x1p-24f; });
}

/// The kernels of this build that do on this processor what they say, the fastest first.
std::vector<const Kernels*> probe() {
  std::vector<const Kernels*> found;
#if NULLCLINE_HAS_X86
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw")) {
    found.push_back(&avx512_fused::kernels);
    found.push_back(&avx512_plain::kernels);
  }
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
    found.push_back(&avx2_fused::kernels);
    found.push_back(&avx2_plain::kernels);
  }
  // Where this processor has no fused instruction, each of them is a call that takes hundreds of times as
  // long.
  found.push_back(&portable_plain::kernels);
  found.push_back(&portable_fused::kernels);
#else
#if NULLCLINE_HAS_FUSED
  found.push_back(&portable_fused::kernels);
#endif
  found.push_back(&portable_plain::kernels);
#endif
  std::erase_if(found, [](const Kernels* kernels) {
    return kernels->arithmetic == Arithmetic::fused && !is_truly_fused(*kernels);
  });
  return found;
}

}  // namespace

std::vector<const Kernels*> all_kernels() {
  static const std::vector<const Kernels*> found = probe();
  return found;
}

const Kernels* find_kernels(Arithmetic arithmetic) {
  for (const Kernels* kernels : all_kernels())
    if (kernels->arithmetic == arithmetic) return kernels;
  return nullptr;
}

bool arithmetic_available(Arithmetic arithmetic) { return find_kernels(arithmetic) != nullptr; }

void PackedMatrix::pack(const Kernels& kernels, std::initializer_list<MatrixView> matrices) {
  rows_ = matrices.begin()->rows;
  columns_ = 0;
  for (const MatrixView& matrix : matrices) columns_ += matrix.columns;
  tiles_.resize(static_cast<std::size_t>(rows_) * static_cast<std::size_t>(columns_));
  float* place = tiles_.data();
  const int tiles = tiles_of(rows_, kernels.tile_rows);
  for (int tile = 0; tile < tiles; ++tile) {
    const int first = first_row_of(tile, rows_, tiles), end = first_row_of(tile + 1, rows_, tiles);
    for (const MatrixView& matrix : matrices)
      for (int j = 0; j < matrix.columns; ++j)
        for (int i = first; i < end; ++i)
          *place++ = matrix.values[i * matrix.row_stride + j * matrix.column_stride];
  }
}

}  // namespace nullcline
