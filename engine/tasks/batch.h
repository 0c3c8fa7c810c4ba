#pragma once

#include <vector>

#include "engine/math/kernels.h"
#include "engine/math/panels.h"
#include "engine/tasks/task.h"

namespace nullcline {

/// Up to 16 trials in panels; trials beyond `count` are padding whose x, y and mask are zero.
struct TrialSlice {
  int count = 0;
  PanelSeries x;
  PanelSeries y;
  PanelSeries mask;
  std::vector<TrialParameters> parameters;

  int panels() const { return ceil_divide(count, panel_width); }
  void resize(int trials, int N_steps, int N_in, int N_out);
};

/// What trials are for. Training never sees those of tests and measures.
enum class TrialsFor { training, test, measure };

/// Which random numbers a batch is made of.
struct BatchAddress {
  std::uint32_t seed = 0;
  std::uint32_t iteration = 0;
  TrialsFor use = TrialsFor::training;
};

/// What its random numbers are for.
Purpose parameters_purpose(TrialsFor use);
Purpose stimulus_noise_purpose(TrialsFor use);
Purpose recurrent_noise_purpose(TrialsFor use);

/// Trials of a batch, slice by slice.
struct Batch {
  int count = 0;
  std::vector<TrialSlice> slices;

  /// Makes room for `count` trials; keeps memory that is there.
  void resize(int trials, const Task& task);
};

constexpr int slices_for(int trials) { return ceil_divide(trials, trials_per_slice); }

/// Draws trials [slice · 16, …) of the batch at `address` into `out`, whose size is set.
void draw_slice(const Task& task, const Kernels& kernels, const BatchAddress& address, int slice,
                TrialSlice& out);

/// Makes trials from `parameters`, with stimulus noise addressed by `address` where `noise` is true.
void make_slice(const Task& task, const Kernels& kernels, const BatchAddress& address, int slice, bool noise,
                TrialSlice& out);

}  // namespace nullcline
