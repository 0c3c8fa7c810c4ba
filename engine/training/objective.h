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
  /// Trials whose trajectory takes more than `kept_bytes` are run in segments.
  Objective(const TrainingParameters& training, const Network& network, const Kernels& kernels, int trials,
            int steps, double kept_bytes = most_kept_bytes);

  /// Runs a slice forward, its outputs into `workspace.output`, and where `gradient` is given back: adds
  /// ∂objective/∂(effective weights) to it. Returns what the slice contributes; the loss is a sum, not yet
  /// divided.
  ObjectiveValue of_slice(const SliceRun& run, const TrialSlice& slice, Workspace& workspace,
                          float* gradient) const;
  /// The whole, from the parts of all slices in order. Where `gradient` is given, adds the penalties on
  /// weights to it (effective weights' layout).
  ObjectiveValue of_batch(const std::vector<ObjectiveValue>& slices, float* gradient) const;

 private:
  /// What penalties add for a segment's activity; with `with_gradient`, ∂penalty/∂rate into the workspace.
  double of_activity(const SlicePass& pass, int segment, bool with_gradient) const;

  const TrainingParameters& training_;
  const Network& network_;
  const Kernels& kernels_;
  double loss_divisor_;
  double activity_divisor_;
  Segments segments_;
};

}  // namespace nullcline
