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
  const SlicePass pass{network_, kernels_, run, slice, segments_, workspace};
  ObjectiveValue value;
  const int last = segments_.count() - 1;
  make_room(pass);
  for (int segment = 0; segment <= last; ++segment) {
    forward_segment(pass, segment);
    if (gradient == nullptr) value.regularization += of_activity(pass, segment, /*with_gradient=*/false);
  }
  const PanelSeries& output = workspace.output;
  if (gradient != nullptr) workspace.output_gradient.resize(output.panels(), output.steps(), output.rows());
  value.loss = training_.loss.evaluate(kernels_, slice, output, loss_divisor_,
                                       gradient == nullptr ? nullptr : &workspace.output_gradient);
  if (gradient == nullptr) return value;
  begin_backward(pass);
  for (int segment = last; segment >= 0; --segment) {
    if (segment < last) forward_segment(pass, segment);
    value.regularization += of_activity(pass, segment, /*with_gradient=*/true);
    backward_segment(pass, segment, training_.penalises_activity(), gradient);
  }
  end_backward(pass, gradient);
  return value;
}

double Objective::of_activity(const SlicePass& pass, int segment, bool with_gradient) const {
  if (!training_.penalises_activity()) return 0;
  if (with_gradient) begin_rate_gradient(pass, segment);
  const Activity activity{kernels_,
                          network_,
                          pass.workspace.trajectory,
                          pass.slice.count,
                          segments_.first(segment),
                          segments_.end(segment)};
  double value = 0;
  for (const WeightedPenalty& term : training_.penalties)
    if (term.penalty.of_activity != nullptr) {
      const double scale = term.coefficient / activity_divisor_;
      value += scale * term.penalty.of_activity(activity, scale,
                                                with_gradient ? &pass.workspace.rate_gradient : nullptr);
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
