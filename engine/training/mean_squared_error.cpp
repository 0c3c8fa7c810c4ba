#include "engine/training/loss.h"
#include "engine/training/loss_sum.h"

namespace nullcline {

namespace {

/// (mask · (output − y))²; elements that are masked out count in the mean.
LossLanes squared_error(const Kernels& /*kernels*/, const float* predicted, const float* target,
                        const float* mask) {
  LossLanes lanes;
  for (int i = 0; i < panel_width; ++i) {
    const float error = mask[i] * (predicted[i] - target[i]);
    lanes.value[i] = static_cast<double>(error) * static_cast<double>(error);
    lanes.slope[i] = 2 * (mask[i] * error);
  }
  return lanes;
}

}  // namespace

LossFunction mean_squared_error() {
  return {"mean_squared_error", "mean of the squared, masked error over all trials, steps and channels",
          sum_of_loss<squared_error>};
}

}  // namespace nullcline
