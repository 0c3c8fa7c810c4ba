#pragma once

#include "engine/math/kernels.h"
#include "engine/math/panels.h"
#include "engine/tasks/batch.h"

namespace nullcline {

/// A loss at eight elements that stand side by side: one channel at one step, eight trials.
struct LossLanes {
  double value[panel_width];
  /// ∂value/∂output
  float slope[panel_width];
};

/// From eight outputs, their targets and masks.
using LossElement = LossLanes (*)(const Kernels& kernels, const float* predicted, const float* target,
                                  const float* mask);

/// `LossFunction::evaluate` of a loss that is known element by element. The sum: each lane of each panel in
/// order of steps and channels, then the lanes by the tree of docs/numerics.md, then panels in order.
template <LossElement element>
double sum_of_loss(const Kernels& kernels, const TrialSlice& slice, const PanelSeries& output, double divisor,
                   PanelSeries* gradient) {
  const auto scale = static_cast<float>(1 / divisor);
  double total = 0;
  for (int panel = 0; panel < slice.panels(); ++panel) {
    double sum[panel_width] = {};
    for (int step = 0; step < output.steps(); ++step) {
      const float* predicted = output.at(panel, step);
      const float* target = slice.y.at(panel, step);
      const float* mask = slice.mask.at(panel, step);
      float* output_gradient = gradient == nullptr ? nullptr : gradient->at(panel, step);
      for (int i = 0; i < output.rows() * panel_width; i += panel_width) {
        const LossLanes lanes = element(kernels, predicted + i, target + i, mask + i);
        for (int lane = 0; lane < panel_width; ++lane) sum[lane] += lanes.value[lane];
        if (output_gradient == nullptr) continue;
        for (int lane = 0; lane < panel_width; ++lane) output_gradient[i + lane] = scale * lanes.slope[lane];
      }
    }
    total += ((sum[0] + sum[4]) + (sum[2] + sum[6])) + ((sum[1] + sum[5]) + (sum[3] + sum[7]));
  }
  return total;
}

}  // namespace nullcline
