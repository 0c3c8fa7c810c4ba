// Compiled once for each set of kernels, with the same definitions but a namespace of its own: the kernels'
// source brings the lanes and the multiply-add of that instruction set.
#include "tools/bench/register_loop.h"

#include "engine/math/kernels_target.cpp"  // NOLINT(bugprone-suspicious-include): made to be included

namespace nullcline::NULLCLINE_TARGET {

/// Enough independent sums to hide how long one takes, and few enough for sixteen registers. noinline: V8
/// optimises a function after calls to it, not within one endless loop.
constexpr int sums = 12;

using Register = Widest<2>::Register;
constexpr int lanes = Widest<2>::width;

__attribute__((noinline)) float multiply_adds(int repetitions, float factor, float summand) {
  Register sum[sums];
  for (int i = 0; i < sums; ++i) sum[i] = Register{} + static_cast<float>(i);
  const Register a = Register{} + factor, b = Register{} + summand;
  for (int repetition = 0; repetition < repetitions; ++repetition)
    for (Register& s : sum) {
      // Two instructions: a product a · b would be computed once before the loop. One instruction: the sum as
      // a factor would be overwritten, and cost a copy where the instruction adds to its third operand.
      if constexpr (NULLCLINE_FUSED)
        s = multiply_add(a, b, s);
      else
        s = multiply_add(s, a, b);
    }
  Register total = sum[0];
  for (int i = 1; i < sums; ++i) total += sum[i];
  float result = 0;
  for (int lane = 0; lane < lanes; ++lane) result += total[lane];
  return result;
}

extern const RegisterLoop register_loop;
constexpr RegisterLoop register_loop = {kernels.arithmetic, kernels.instruction_set, 2 * sums* lanes,
                                        multiply_adds};

}  // namespace nullcline::NULLCLINE_TARGET
