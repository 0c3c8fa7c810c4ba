#pragma once

#include <limits>
#include <string>
#include <vector>

#include "engine/tasks/batch.h"

namespace nullcline {

/// A batch of fresh trials and what the network answered.
struct MeasuredBatch {
  const Task& task;
  Conventions conventions;
  const Batch& batch;
  /// Outputs of each slice of the batch.
  const std::vector<PanelSeries>& outputs;
  /// Loss of the batch, penalties left out.
  double loss;
};

/// A number that tells how well a network does its task. Curricula and stopping rules compare it with a
/// threshold.
struct Measure {
  std::string name;
  std::string help;
  /// Whether a threshold is passed from below (≥) or from above (≤).
  bool higher_is_better = true;
  double (*value)(const MeasuredBatch& batch) = nullptr;
  /// Values lie between these.
  double least = -std::numeric_limits<double>::infinity();
  double most = std::numeric_limits<double>::infinity();
  /// Whether it counts right and wrong answers, which some tasks do not ask for (Task::asks_for_choices).
  bool needs_choices = false;
};

/// All measures; the first is the default.
const std::vector<Measure>& measures();
/// Adds one; to be called before experiments are made. Throws a Failure when the name is taken.
void register_measure(Measure measure);

/// Never true of a value that is not a number.
bool passes(const Measure& measure, double value, double threshold);

// One line a measure; measure.cpp lists them.
Measure accuracy_measure();
Measure loss_measure();

}  // namespace nullcline
