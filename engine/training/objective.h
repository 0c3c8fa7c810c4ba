#pragma once

#include <vector>

#include "engine/training/backpropagation.h"
#include "engine/training/parameters.h"

namespace nullcline {

/// The loss of a batch and what penalties add to it.
struct ObjectiveValue {
  double loss = 0;
  double regularization = 0;

  double total() const { return loss + regularization; }
};

/// What training makes small, for batches of so many trials and steps.
class Objective {
 public:
  Objective(const TrainingParameters& training, const Network& network, const Kernels& kernels, int trials,
            int steps);

  /// The parts that the slice contributes whose forward pass is in the workspace; with `with_gradient`,
  /// writes ∂objective/∂output and ∂objective/∂rate there too. The loss is a sum, not yet divided.
  ObjectiveValue of_slice(const TrialSlice& slice, bool with_gradient, Workspace& workspace) const;
  /// The whole, from the parts of all slices in order. Where `gradient` is given, adds the penalties on
  /// weights to it (effective weights' layout).
  ObjectiveValue of_batch(const std::vector<ObjectiveValue>& slices, float* gradient) const;

 private:
  const TrainingParameters& training_;
  const Network& network_;
  const Kernels& kernels_;
  double loss_divisor_;
  double activity_divisor_;
};

}  // namespace nullcline
