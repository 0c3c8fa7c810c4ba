#pragma once

#include <functional>
#include <string>
#include <vector>

#include "engine/experiment/schema.h"
#include "engine/networks/network.h"
#include "engine/training/loss.h"

namespace nullcline {

/// What a network did on a slice, as penalties on activity see it: a segment of the trial at a time.
struct Activity {
  const Kernels& kernels;
  const Network& network;
  /// Entry e is the answer to input e − 1; entry 0 is the initial state.
  const Trajectory& trajectory;
  /// Trials of the slice; lanes beyond are padding and do not count.
  int trials;
  /// The segment is of the entries first + 1 … last; entry `first`, which is there too, belongs to the
  /// segment before.
  int first;
  int last;
};

/// A term that is added to the loss: coefficient × value. It sees the weights, the activity or both; the
/// function that it does not have is null.
struct Penalty {
  /// Its coefficient's name in `training.regularization`.
  std::string name;
  std::string title;
  std::string help;
  /// Value for the effective weights, a mean or a sum. Where `gradient` is given (effective weights' layout),
  /// adds coefficient · ∂value/∂weight.
  std::function<double(const Network& network, const float* effective_weights, Reduction reduction,
                       double coefficient, float* gradient)>
      of_weights;
  /// Sum over one segment of one slice, in float64, over trials, steps and units. Where `rate_gradient` is
  /// given, adds scale · ∂sum/∂rate to its entries, which are those of the trajectory.
  std::function<double(const Activity& activity, double scale, PanelSeries* rate_gradient)> of_activity;
};

/// All penalties, in the order in which forms list them.
const std::vector<Penalty>& penalties();
/// Adds one; to be called before experiments are made. Throws a Failure when the name is taken.
void register_penalty(Penalty penalty);

/// A penalty that a run has.
struct WeightedPenalty {
  Penalty penalty;
  double coefficient;
};

/// The field `regularization`: one coefficient a penalty.
Field regularization_field();
/// The penalties whose coefficient is not 0.
std::vector<WeightedPenalty> make_penalties(const Json& regularization);

// One line a penalty; penalty.cpp lists them.
Penalty l1_penalty(Connections which);
Penalty l2_penalty(Connections which);
Penalty firing_rate_penalty();

}  // namespace nullcline
