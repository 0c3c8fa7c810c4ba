#pragma once

#include "engine/math/arithmetic.h"

namespace nullcline {

/// Multiply-adds between registers and nothing else, for the instruction set of a set of kernels.
struct RegisterLoop {
  Arithmetic arithmetic;
  /// As the kernels of the same instruction set call it.
  const char* instruction_set;
  /// Floating-point operations of one repetition: a multiply-add counts two in each lane.
  int operations;
  /// The result depends on every operation, so that none can be left out.
  float (*run)(int repetitions, float factor, float summand);
};

}  // namespace nullcline
