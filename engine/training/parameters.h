#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "engine/analysis/measure.h"
#include "engine/experiment/schema.h"
#include "engine/training/clipping.h"
#include "engine/training/loss.h"
#include "engine/training/optimizer.h"
#include "engine/training/penalty.h"
#include "engine/training/schedule.h"

namespace nullcline {

/// The training section of the document.
struct TrainingParameters {
  /// Updates of the weights.
  int iterations = 0;
  double learning_rate = 0;
  /// The loss is recorded every so many iterations.
  int loss_epoch = 0;
  LossFunction loss;
  /// Of the loss and of penalties.
  Reduction reduction = Reduction::mean;
  std::vector<WeightedPenalty> penalties;
  Clipping clipping;
  std::unique_ptr<Optimizer> optimizer;
  std::unique_ptr<Schedule> schedule;
  /// Training ends when the measure, taken on fresh trials every `performance_epoch` iterations, passes the
  /// cutoff.
  Measure performance_measure;
  std::optional<double> performance_cutoff;
  int performance_epoch = 1;
  /// Weights are to be saved once in so many iterations; 0: never.
  int save_training_weights_epoch = 0;
  /// For each parameter 1 − its fixed share: 0 where it never moves. Empty: all are free.
  std::vector<float> free;

  bool penalises_activity() const;
  /// The learning rate of an update, the first being 0.
  double learning_rate_at(int iteration) const;
};

std::vector<Field> training_fields();

/// From the resolved section, for that network and so many trials an iteration. Throws a Failure that names
/// the field of a fixed weight that does not fit.
TrainingParameters training_parameters(const Json& section, const Network& network, int N_batch,
                                       const Context& context);

}  // namespace nullcline
