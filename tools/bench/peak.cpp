#include "tools/bench/peak.h"

#include <algorithm>
#include <cstring>
#include <iterator>
#include <vector>

#include "tools/bench/rate.h"
#include "tools/bench/register_loop.h"

namespace nullcline {

namespace register_loop_portable_plain {
extern const RegisterLoop register_loop;
}
namespace register_loop_portable_fused {
extern const RegisterLoop register_loop;
}
#if NULLCLINE_HAS_X86
namespace register_loop_avx2_plain {
extern const RegisterLoop register_loop;
}
namespace register_loop_avx2_fused {
extern const RegisterLoop register_loop;
}
namespace register_loop_avx512_plain {
extern const RegisterLoop register_loop;
}
namespace register_loop_avx512_fused {
extern const RegisterLoop register_loop;
}
#endif

namespace {

constexpr const RegisterLoop* register_loops[] = {
#if NULLCLINE_HAS_X86
    &register_loop_avx512_plain::register_loop,   &register_loop_avx512_fused::register_loop,
    &register_loop_avx2_plain::register_loop,     &register_loop_avx2_fused::register_loop,
#endif
    &register_loop_portable_plain::register_loop, &register_loop_portable_fused::register_loop,
};

const RegisterLoop* loop_like(const Kernels& kernels) {
  const auto* const found =
      std::find_if(std::begin(register_loops), std::end(register_loops), [&](const RegisterLoop* loop) {
        return loop->arithmetic == kernels.arithmetic &&
               std::strcmp(loop->instruction_set, kernels.instruction_set) == 0;
      });
  return found == std::end(register_loops) ? nullptr : *found;
}

struct ProductShape {
  int rows;
  int columns;
  int panels;
};

constexpr ProductShape product_shapes[] = {{6, 256, 2}, {12, 128, 4}, {48, 48, 4}, {48, 96, 2}, {96, 48, 2}};

double product_rate(const Kernels& kernels, const ProductShape& shape, double milliseconds) {
  const int rows = shape.rows, columns = shape.columns, panels = shape.panels;
  const std::vector<float> weights(static_cast<std::size_t>(rows * columns), 0.001f);
  PackedMatrix matrix;
  matrix.pack(kernels, {row_major(weights.data(), rows, columns)});
  FloatBuffer in(static_cast<std::size_t>(panels * columns * panel_width));
  FloatBuffer out(static_cast<std::size_t>(panels * rows * panel_width));
  in.fill(0.5f);
  out.fill(0);
  const PanelsIn from{in.data(), columns * panel_width};
  const PanelsOut to{out.data(), rows * panel_width};
  constexpr int repetitions = 20;
  return rate(2.0 * repetitions * rows * columns * panels * panel_width, milliseconds, [&] {
    for (int repetition = 0; repetition < repetitions; ++repetition)
      kernels.multiply_add(matrix.data(), rows, columns, from, to, panels);
  });
}

}  // namespace

double register_peak(const Kernels& kernels, double milliseconds) {
  const RegisterLoop* loop = loop_like(kernels);
  if (loop == nullptr) return 0;
  constexpr int repetitions = 10000, windows = 5;
  // The compiler must not know these numbers, and the sums must stay normal.
  volatile float factor = 0.999f, summand = 0.001f, result = 0;
  double best = 0;
  for (int window = 0; window < windows; ++window)
    best = std::max(best, rate(1.0 * loop->operations * repetitions, milliseconds / windows,
                               [&] { result = loop->run(repetitions, factor, summand); }));
  return best;
}

double product_peak(const Kernels& kernels, double milliseconds) {
  double best = 0;
  for (const ProductShape& shape : product_shapes)
    best = std::max(best, product_rate(kernels, shape, milliseconds / std::size(product_shapes)));
  return best;
}

}  // namespace nullcline
