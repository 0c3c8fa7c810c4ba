#pragma once

#include <string>
#include <vector>

#include "engine/math/kernels.h"
#include "engine/tasks/batch.h"

namespace nullcline {

/// What a sum over the elements of a batch is divided by: their number, or nothing.
enum class Reduction { mean, sum };

/// The divisor for a sum of so many elements.
double loss_divisor(Reduction reduction, double elements);

/// A loss is a sum over the elements (trial, step, channel) of a batch, divided by `loss_divisor`.
struct LossFunction {
  std::string name;
  std::string help;
  /// Sum over one slice, in float64 and not divided; where `gradient` is given, writes ∂loss/∂output there,
  /// divided by `divisor`.
  double (*evaluate)(const Kernels& kernels, const TrialSlice& slice, const PanelSeries& output,
                     double divisor, PanelSeries* gradient);
};

/// All losses; the first is the default.
const std::vector<LossFunction>& loss_functions();
/// Adds one; to be called before experiments are made. Throws a Failure when the name is taken.
void register_loss(LossFunction loss);

// One line a loss; loss.cpp lists them.
LossFunction mean_squared_error();
LossFunction binary_cross_entropy();
LossFunction binary_cross_entropy_with_logits();

}  // namespace nullcline
