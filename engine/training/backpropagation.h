#pragma once

#include <cstdint>

#include "engine/networks/network.h"
#include "engine/tasks/batch.h"
#include "engine/training/loss.h"

namespace nullcline {

/// Everything that one thread needs to run a slice of trials forward and back; made once, used for every
/// slice.
struct Workspace {
  Trajectory trajectory;
  PanelSeries drive;
  PanelSeries noise;
  PanelSeries output;
  PanelSeries output_gradient;
  /// ∂penalty/∂rate of every step; used where activity is penalised.
  PanelSeries rate_gradient;
  Adjoint adjoint;
};

/// Bytes that a workspace takes.
double workspace_bytes(const Network& network, int N_steps, bool penalises_activity);

/// How a slice is run.
struct SliceRun {
  BatchAddress address;
  int slice = 0;
  /// Standard normals, N_rec rows, for the recurrent noise; null: the noise addressed by `address`.
  const PanelSeries* given_noise = nullptr;
  bool outside_training = false;

  Rows rows() const { return {slice * trials_per_slice, outside_training}; }
};

/// Runs a slice forward: fills `workspace.trajectory` and `workspace.output`.
void forward(const Network& network, const Kernels& kernels, const SliceRun& run, const TrialSlice& slice,
             Workspace& workspace);

/// The parts of `forward`, for those who change the network on the way: room and initial state, the steps
/// [first, first + steps), and their outputs.
void begin_forward(const Network& network, const Kernels& kernels, const SliceRun& run,
                   const TrialSlice& slice, Workspace& workspace);
void forward_steps(const Network& network, const SliceRun& run, const TrialSlice& slice, int first, int steps,
                   Workspace& workspace);

/// Back-propagation through time for the slice that `forward` ran; `workspace.output_gradient` holds
/// ∂loss/∂output, and with `penalises_activity` `workspace.rate_gradient` what comes to the rates besides.
/// Adds ∂loss/∂(effective weights) to `gradient`, block by block from the last, in the order of
/// docs/numerics.md.
void backward(const Network& network, const SliceRun& run, const TrialSlice& slice, bool penalises_activity,
              Workspace& workspace, float* gradient);

}  // namespace nullcline
