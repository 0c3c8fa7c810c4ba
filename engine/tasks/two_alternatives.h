#pragma once

#include <cmath>
#include <cstddef>

namespace nullcline {

// What PsychRNN's tasks with a choice between two outputs share.

/// Sets the target: 1 for the chosen output, 0.2 for the other.
inline void set_target(std::size_t chosen, double* y) {
  y[chosen] = 1;
  y[1 - chosen] = 0.2;
}

/// Standard deviation of the noise on an input at a step of `dt` ms: stim_noise · √0.2 at 10 ms, growing with
/// the fourth root of dt.
inline double input_noise_deviation(double stim_noise, double dt) {
  return std::sqrt(2 * .01 * std::sqrt(10.0) * std::sqrt(dt) * stim_noise * stim_noise);
}

}  // namespace nullcline
