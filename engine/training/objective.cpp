#include "engine/training/objective.h"

namespace nullcline {

Objective::Objective(const TrainingParameters& training, const Network& network, const Kernels& kernels,
                     int trials, int steps, double kept_bytes)
    : training_(training),
      network_(network),
      kernels_(kernels),
      loss_divisor_(loss_divisor(training.reduction, 1.0 * trials * steps * network.N_out())),
      activity_divisor_(loss_divisor(training.reduction, 1.0 * trials * steps * network.N_rec())),
      segments_(segments_of(network, steps, training.penalises_activity(), kept_bytes)) {}

ObjectiveValue Objective::of_slice(const SliceRun& run, const TrialSlice& slice, Workspace& workspace,
                                   float* gradient) const {
  ObjectiveValue value;
  const int last = segments_.count() - 1;
  make_room(network_, run, slice, segments_, workspace);
  for (int segment = 0; segment <= last; ++segment) {
    forward_segment(network_, kernels_, run, slice, segments_, segment, workspace);
    if (gradient == nullptr)
      value.regularization += of_activity(slice.count, segment, /*with_gradient=*/false, workspace);
  }
  const PanelSeries& output = workspace.output;
  if (gradient != nullptr) workspace.output_gradient.resize(output.panels(), output.steps(), output.rows());
  value.loss = training_.loss.evaluate(kernels_, slice, output, loss_divisor_,
                                       gradient == nullptr ? nullptr : &workspace.output_gradient);
  if (gradient == nullptr) return value;
  begin_backward(network_, slice, workspace);
  for (int segment = last; segment >= 0; --segment) {
    if (segment < last) forward_segment(network_, kernels_, run, slice, segments_, segment, workspace);
    value.regularization += of_activity(slice.count, segment, /*with_gradient=*/true, workspace);
    backward_segment(network_, slice, segments_, segment, training_.penalises_activity(), workspace,
                     gradient);
  }
  end_backward(network_, run, workspace, gradient);
  return value;
}

double Objective::of_activity(int trials, int segment, bool with_gradient, Workspace& workspace) const {
  if (!training_.penalises_activity()) return 0;
  if (with_gradient) begin_rate_gradient(network_, segments_, segment, workspace);
  const Activity activity{
      kernels_, network_, workspace.trajectory, trials, segments_.first(segment), segments_.end(segment)};
  double value = 0;
  for (const WeightedPenalty& term : training_.penalties)
    if (term.penalty.of_activity != nullptr) {
      const double scale = term.coefficient / activity_divisor_;
      value += scale *
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
