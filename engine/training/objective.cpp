#include "engine/training/objective.h"

namespace nullcline {

Objective::Objective(const TrainingParameters& training, const Network& network, const Kernels& kernels,
                     int trials, int steps)
    : training_(training),
      network_(network),
      kernels_(kernels),
      loss_divisor_(loss_divisor(training.reduction, 1.0 * trials * steps * network.N_out())),
      activity_divisor_(loss_divisor(training.reduction, 1.0 * trials * steps * network.N_rec())) {}

ObjectiveValue Objective::of_slice(const TrialSlice& slice, bool with_gradient, Workspace& workspace) const {
  const PanelSeries& output = workspace.output;
  if (with_gradient) workspace.output_gradient.resize(output.panels(), output.steps(), output.rows());
  ObjectiveValue value;
  value.loss = training_.loss.evaluate(kernels_, slice, output, loss_divisor_,
                                       with_gradient ? &workspace.output_gradient : nullptr);
  if (!training_.penalises_activity()) return value;
  if (with_gradient) {
    workspace.rate_gradient.resize(output.panels(), output.steps(), network_.N_rec());
    workspace.rate_gradient.fill(0);
  }
  const Activity activity{kernels_, network_, workspace.trajectory, slice.count};
  for (const WeightedPenalty& term : training_.penalties)
    if (term.penalty.of_activity != nullptr) {
      const double scale = term.coefficient / activity_divisor_;
      value.regularization +=
          scale *
          term.penalty.of_activity(activity, scale, with_gradient ? &workspace.rate_gradient : nullptr);
    }
  return value;
}

ObjectiveValue Objective::of_batch(const std::vector<ObjectiveValue>& slices, float* gradient) const {
  ObjectiveValue value;
  for (const ObjectiveValue& slice : slices) {
    value.loss += slice.loss;
    value.regularization += slice.regularization;
  }
  value.loss /= loss_divisor_;
  for (const WeightedPenalty& term : training_.penalties)
    if (term.penalty.of_weights != nullptr)
      value.regularization +=
          term.coefficient * term.penalty.of_weights(network_, network_.effective_weights().data(),
                                                     training_.reduction, term.coefficient, gradient);
  return value;
}

}  // namespace nullcline
