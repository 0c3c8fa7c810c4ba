#include "engine/training/loss.h"

namespace nullcline {

namespace {

/// Mean of (mask · (output − y))² over all trials, steps and channels; elements that are masked out count in
/// the mean.
double evaluate(const TrialSlice& slice, const PanelSeries& output, double elements, PanelSeries* gradient) {
  const auto scale = static_cast<float>(2 / elements);
  double total = 0;
  for (int panel = 0; panel < slice.panels(); ++panel) {
    double sum[panel_width] = {};
    for (int step = 0; step < output.steps(); ++step) {
      const float* predicted = output.at(panel, step);
      const float* target = slice.y.at(panel, step);
      const float* mask = slice.mask.at(panel, step);
      float* error_gradient = gradient == nullptr ? nullptr : gradient->at(panel, step);
      for (int i = 0; i < output.rows() * panel_width; ++i) {
        const float error = mask[i] * (predicted[i] - target[i]);
        sum[i % panel_width] += static_cast<double>(error) * static_cast<double>(error);
        if (error_gradient != nullptr) error_gradient[i] = scale * (mask[i] * error);
      }
    }
    total += ((sum[0] + sum[4]) + (sum[2] + sum[6])) + ((sum[1] + sum[5]) + (sum[3] + sum[7]));
  }
  return total;
}

}  // namespace

LossFunction mean_squared_error() {
  return {"mean_squared_error", "Mean of the squared, masked error over all trials, steps and channels.",
          evaluate};
}

}  // namespace nullcline
