#pragma once

#include "engine/math/kernels.h"

namespace nullcline {

/// GFLOP/s of multiply-adds between registers on the calling thread, with the instruction set of `kernels`:
/// the best stretch of that time. A multiply-add counts two operations.
double register_peak(const Kernels& kernels, double milliseconds);

/// GFLOP/s of the engine's product kernel on matrices that fit a first-level cache, of the shape that suits
/// it best; all shapes together take that time.
double product_peak(const Kernels& kernels, double milliseconds);

}  // namespace nullcline
