#pragma once

#include <memory>
#include <vector>

#include "engine/experiment/schema.h"
#include "engine/training/clipping.h"
#include "engine/training/loss.h"
#include "engine/training/optimizer.h"
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
  Clipping clipping;
  std::unique_ptr<Optimizer> optimizer;
  std::unique_ptr<Schedule> schedule;

  /// The learning rate of an update, the first being 0.
  double learning_rate_at(int iteration) const;
};

std::vector<Field> training_fields();

/// From the resolved section and the trials per iteration.
TrainingParameters training_parameters(const Json& section, int N_batch);

}  // namespace nullcline
