#pragma once

#include <string>
#include <vector>

#include "engine/tasks/batch.h"

namespace nullcline {

/// A loss is a sum over the elements (trial, step, channel) of a batch, divided by their number.
struct LossFunction {
  std::string name;
  std::string help;
  /// Sum over one slice, in float64; where `gradient` is given, writes ∂loss/∂output there for a batch of
  /// `elements` elements.
  double (*evaluate)(const TrialSlice& slice, const PanelSeries& output, double elements,
                     PanelSeries* gradient);
};

/// All losses; the first is the default.
const std::vector<LossFunction>& loss_functions();

// One line a loss; loss.cpp lists them.
LossFunction mean_squared_error();

}  // namespace nullcline
