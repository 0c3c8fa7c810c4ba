#include <algorithm>
#include <cmath>

#include "engine/training/loss.h"
#include "engine/training/loss_sum.h"

namespace nullcline {

namespace {

/// mask · (max(z, 0) − z y + ln(1 + e^−|z|)), the cross-entropy of y and p = 1 / (1 + e^−z) for an output z,
/// in the form that overflows nowhere.
LossLanes cross_entropy_of_logits(const Kernels& kernels, const float* predicted, const float* target,
                                  const float* mask) {
  float magnitude[panel_width], small[panel_width], sum[panel_width], logarithm[panel_width];
  for (int i = 0; i < panel_width; ++i) magnitude[i] = -std::abs(predicted[i]);
  kernels.exponential(magnitude, small, panel_width);
  for (int i = 0; i < panel_width; ++i) sum[i] = 1 + small[i];
  kernels.logarithm(sum, logarithm, panel_width);
  LossLanes lanes;
  for (int i = 0; i < panel_width; ++i) {
    const float z = predicted[i], y = target[i];
    // What rounding took from 1 + e^−|z| is given back to the logarithm, to first order.
    const float rest = (small[i] - (sum[i] - 1)) / sum[i];
    const float probability = (z < 0 ? small[i] : 1) / sum[i];
    lanes.value[i] = mask[i] * ((std::max(z, 0.0f) - z * y) + (logarithm[i] + rest));
    lanes.slope[i] = mask[i] * (probability - y);
  }
  return lanes;
}

}  // namespace

LossFunction binary_cross_entropy_with_logits() {
  return {"binary_cross_entropy_with_logits",
          "the same of p = 1/(1 + e^−z) for outputs z, computed without loss of digits",
          sum_of_loss<cross_entropy_of_logits>};
}

}  // namespace nullcline
