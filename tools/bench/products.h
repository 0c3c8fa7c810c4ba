#pragma once

#include "engine/math/kernels.h"

namespace nullcline {

/// GFLOP/s of an iteration's matrix products alone, on the calling thread for about that long: those of a
/// slice of 16 trials and 200 steps with N_rec units, two inputs and two outputs, forward, back and into the
/// gradient, in the order and memory layout of training. Transfer functions, noise and trials are left out.
double products_rate(const Kernels& kernels, int N_rec, double milliseconds);

}  // namespace nullcline
