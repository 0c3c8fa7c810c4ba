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
  Adjoint adjoint;
};

/// Bytes that a workspace takes.
double workspace_bytes(const Network& network, int N_steps);

/// Runs a slice forward: fills `workspace.trajectory` and `workspace.output`. Noisy networks use
/// `given_noise` (standard normals, N_rec rows) where it is not null, else the noise addressed by `address`.
void forward(const Network& network, const Kernels& kernels, const BatchAddress& address, int slice_number,
             const TrialSlice& slice, const PanelSeries* given_noise, Workspace& workspace);

/// Back-propagation through time for the slice that `forward` ran; `workspace.output_gradient` holds
/// ∂loss/∂output. Adds ∂loss/∂(effective weights) to `gradient`, block by block from the last, in the order
/// of docs/numerics.md.
void backward(const Network& network, const TrialSlice& slice, Workspace& workspace, float* gradient);

}  // namespace nullcline
