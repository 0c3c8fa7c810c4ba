// A loss of one's own: squared near the target, linear far from it (Huber 1964).
#include <cmath>

#include "engine/training/loss_sum.h"
#include "examples/extensions/extensions.h"

namespace nullcline {

namespace {

/// Errors beyond this are counted linearly.
constexpr float threshold = .5f;

/// With e = mask · (output − y): ½ e² where |e| ≤ threshold, else threshold · (|e| − ½ threshold).
LossLanes huber(const Kernels&, const float* predicted, const float* target, const float* mask) {
  LossLanes lanes;
  for (int i = 0; i < panel_width; ++i) {
    const float error = mask[i] * (predicted[i] - target[i]);
    const float size = std::abs(error);
    lanes.value[i] = size <= threshold ? .5f * error * error : threshold * (size - .5f * threshold);
    lanes.slope[i] = mask[i] * (size <= threshold ? error : std::copysign(threshold, error));
  }
  return lanes;
}

}  // namespace

LossFunction huber_loss() {
  return {"huber", "squared error near the target, absolute error far from it", sum_of_loss<huber>};
}

}  // namespace nullcline
