// Compiled once for each set of kernels, with the same definitions but a namespace of its own: the kernels'
// source brings the lanes and the multiply-add of that instruction set.
#include "tools/bench/register_loop.h"

#include "engine/math/kernels_target.cpp"  // NOLINT(bugprone-suspicious-include): made to be included

namespace nullcline::NULLCLINE_TARGET {

/// As many independent sums as the product kernel has: they leave room in sixteen registers for two more
/// values. noinline: V8 optimises a function after calls to it, not within one endless loop.
__attribute__((noinline)) float multiply_adds(int repetitions, float factor, float summand) {
  Lanes sum[accumulators];
  for (int i = 0; i < accumulators; ++i) sum[i] = splat(static_cast<float>(i));
  const Lanes a = splat(factor), b = splat(summand);
  for (int repetition = 0; repetition < repetitions; ++repetition)
    for (Lanes& s : sum) {
      // Two instructions: a product a · b would be computed once before the loop. One instruction: the sum as
      // a factor would be overwritten, and cost a copy where the instruction adds to its third operand.
      if constexpr (NULLCLINE_FUSED)
        s = multiply_add(a, b, s);
      else
        s = multiply_add(s, a, b);
    }
  Lanes total = sum[0];
  for (int i = 1; i < accumulators; ++i) total += sum[i];
  return sum_lanes(total);
}

extern const RegisterLoop register_loop;
const RegisterLoop register_loop = {kernels.arithmetic, kernels.instruction_set,
                                    2 * accumulators* panel_width, multiply_adds};

}  // namespace nullcline::NULLCLINE_TARGET
