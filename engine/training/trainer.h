#pragma once

#include <chrono>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/analysis/accuracy.h"
#include "engine/experiment/experiment.h"
#include "engine/math/thread_pool.h"
#include "engine/tasks/batch.h"
#include "engine/training/backpropagation.h"
#include "engine/training/curriculum.h"
#include "engine/training/objective.h"

namespace nullcline {

/// A point of the learning curve, measured on the batch of that iteration after its update.
struct HistoryPoint {
  int iteration;
  /// Penalties included.
  double loss;
  /// NaN when no trial of the batch asks for a choice.
  double accuracy;
};

enum class TrainingState { ready, training, finished, diverged };

std::string to_string(TrainingState state);

/// Where a run stands.
struct Progress {
  TrainingState state = TrainingState::ready;
  int iteration = 0;
  int iterations = 0;
  std::int64_t trials = 0;
  /// Loss of the last batch before its update, penalties included; NaN before the first.
  double batch_loss = 0;
  /// All points so far; they belong to the trainer.
  std::span<const HistoryPoint> history = {};
  /// Why training stopped at a fault.
  std::optional<Problem> problem = {};
  /// The stage of the curriculum at hand, counted from 0, and how many there are; 0 of 0 without one.
  int stage = 0;
  int stages = 0;
  /// The performance measured last; NaN before the first time.
  double performance = 0;
  /// Whether the cutoff was reached.
  bool cutoff_reached = false;
  /// Whether the weights are to be saved now, as `save_training_weights_epoch` says.
  bool is_checkpoint = false;
};

/// Everything that a run needs to go on as if it had not been interrupted.
struct TrainingSnapshot {
  int iteration = 0;
  FloatBuffer raw;
  OptimizerState optimizer;
  std::vector<HistoryPoint> history;
  double batch_loss = 0;
  CurriculumState curriculum;
  double performance = std::numeric_limits<double>::quiet_NaN();
  bool cutoff_reached = false;
};

/// Limits of one call of `Trainer::step`; whichever is reached first ends it.
struct Budget {
  int iterations = 1;
  double milliseconds = 1e9;
};

/// Objective and gradient of one batch with respect to the raw weights.
struct Gradient {
  ObjectiveValue objective;
  FloatBuffer values;
};

/// Trains a network in slices of work. Any number of threads gives the same bits.
class Trainer {
 public:
  /// Starts from the drawn initial weights. The experiment and the pool must outlive the trainer.
  Trainer(Experiment& experiment, ThreadPool& pool);
  Trainer(const Trainer&) = delete;
  Trainer& operator=(const Trainer&) = delete;

  /// Runs whole iterations until the budget is spent, weights are to be saved, the run ends or it diverges.
  void step(const Budget& budget);
  Progress progress() const;

  /// Back to the initial weights (the given ones, where `set_weights` was called).
  void reset();

  /// The task that is learned: the experiment's, or that of the curriculum's stage at hand.
  const Task& task() const;
  /// Updates in all, from here on.
  void set_iterations(int iterations) { iterations_ = iterations; }
  /// What the user should be told of the initial weights, in sentences.
  const std::vector<std::string>& warnings() const { return warnings_; }

  const FloatBuffer& raw_weights() const { return snapshot_.raw; }
  /// Makes these raw weights the initial ones and starts the run anew.
  void set_weights(const FloatBuffer& raw);

  const TrainingSnapshot& snapshot() const { return snapshot_; }
  /// Goes on from a snapshot of the same experiment.
  void restore(TrainingSnapshot snapshot);

  /// Loss and raw gradient of a batch at the present weights; `noise` (one series a slice) may be null.
  /// Updates nothing.
  const Gradient& evaluate(Batch& batch, const BatchAddress& address, const std::vector<PanelSeries>* noise);
  /// The same gradient as the optimiser would get it: without fixed weights, clipped.
  void constrain(float* gradient) const;
  /// A measure of the present network on a batch of fresh trials of that task.
  double measure(const Measure& measure, const Task& task);

 private:
  /// Weights and optimiser as they were before the last update.
  struct LastGood {
    FloatBuffer raw;
    OptimizerState optimizer;
    double batch_loss = 0;
  };

  void iterate();
  void hold_fixed_weights();
  void record(const BatchAddress& address);
  void measure_stage();
  void measure_performance();
  bool is_over() const;
  void diverge();
  void add_slice_gradients();
  /// Loss and gradient of `batch` into `gradient_`; with `draw`, each slice is drawn first by the thread that
  /// runs it.
  void evaluate_batch(Batch& batch, const BatchAddress& address, bool draw,
                      const std::vector<PanelSeries>* noise);

  Experiment& experiment_;
  ThreadPool& pool_;
  int iterations_;
  std::vector<std::string> warnings_;
  FloatBuffer initial_;
  TrainingSnapshot snapshot_;
  LastGood last_good_;
  std::optional<Problem> problem_;
  Batch batch_;
  Gradient gradient_;
  std::vector<Workspace> workspaces_;
  std::vector<FloatBuffer> slice_gradients_;
  std::vector<ObjectiveValue> slice_values_;
  std::vector<Accuracy> slice_scores_;
};

}  // namespace nullcline
