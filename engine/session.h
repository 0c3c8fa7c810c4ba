#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/analysis/accuracy.h"
#include "engine/experiment/experiment.h"
#include "engine/math/thread_pool.h"
#include "engine/simulation/lesion.h"
#include "engine/training/trainer.h"

namespace nullcline {

/// Trials to draw.
struct TrialRequest {
  int count = 1;
  /// The same number, below 2³¹, gives the same trials; training never sees them.
  std::uint32_t draw = 0;
  /// Parameters to use instead of drawn ones: an array with one object a trial, or null. Missing names are
  /// drawn, or follow from those that are given.
  Json params = nullptr;
  /// False leaves the stimulus noise out.
  bool noise = true;
};

/// Trials in the layout of files and of the package: arrays trial × step × channel.
struct Trials {
  int count = 0;
  int N_steps = 0;
  int N_in = 0;
  int N_out = 0;
  std::vector<float> x;
  std::vector<float> y;
  std::vector<float> mask;
  /// Standard normals for the recurrent noise, step × trial × unit; empty when none are given.
  std::vector<float> noise;
  std::vector<TrialParameters> parameters;
};

/// What the network did: arrays trial × step × channel or unit.
struct Run {
  std::vector<float> outputs;
  std::vector<float> states;
  std::vector<float> rates;
  std::vector<Score> scores;
};

struct TestResult {
  Accuracy accuracy;
  /// Penalties left out.
  double loss = 0;
};

/// Loss and gradients of one batch, each in the layout of the parameters.
struct BatchGradient {
  double loss = 0;
  double regularization = 0;
  FloatBuffer raw;
  FloatBuffer clipped;
};

/// One experiment being run: train it, draw trials, run the network on them, read its weights.
class Session {
 public:
  /// `threads` is the number to use, the calling one included.
  Session(Experiment experiment, int threads);
  /// The same on a pool that several sessions share; they must not run at the same time.
  Session(Experiment experiment, std::shared_ptr<ThreadPool> pool);
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  const Experiment& experiment() const { return experiment_; }
  Trainer& trainer() { return trainer_; }
  const Trainer& trainer() const { return trainer_; }
  int threads() const { return pool_->threads(); }

  /// Draws trials. Throws a Failure that names the parameter when `request.params` is not valid.
  Trials draw(const TrialRequest& request) const;
  /// Runs the network on trials (x at least; y and mask may be empty, then nothing is scored), with
  /// connections taken away where there is a lesion. Throws a Failure when their shape does not fit the
  /// network.
  Run run(const Trials& trials, const Lesion& lesion = {});
  /// Runs the network without any input from its initial state.
  Run run_autonomously(int count, int N_steps, const Lesion& lesion = {});
  /// Loss and accuracy on fresh trials.
  TestResult test(int count, std::uint32_t draw);
  BatchGradient gradient(const Trials& trials);

  /// The weights that the forward pass uses, in the layout of the parameters.
  FloatBuffer effective_weights() const;
  /// Fingerprint of the raw weights: FNV-1a (64 bits) over the numerics version, the arithmetic and the bytes
  /// of the parameter block; 16 hexadecimal digits.
  std::string hash() const;

 private:
  Batch to_batch(const Trials& trials) const;
  std::vector<PanelSeries> noise_series(const Trials& trials) const;
  void check_shape(const Trials& trials, bool targets) const;

  Experiment experiment_;
  std::shared_ptr<ThreadPool> pool_;
  Trainer trainer_;
};

/// Trial parameters as JSON, one object a trial.
Json parameters_to_json(const Task& task, const std::vector<TrialParameters>& parameters);

}  // namespace nullcline
