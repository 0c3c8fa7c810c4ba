#include "engine/training/backpropagation.h"

#include <algorithm>

namespace nullcline {

double workspace_bytes(const Network& network, int N_steps, bool penalises_activity) {
  const double kept = 2.0 + (network.has_noise() ? 1 : 0) + (penalises_activity ? 1 : 0);
  const double rows = kept * network.N_rec() + network.more_rows() + 2.0 * network.N_out();
  return rows * N_steps * trials_per_slice * sizeof(float);
}

namespace {

void fill_noise(const Kernels& kernels, const SliceRun& run, PanelSeries& noise) {
  const Purpose purpose = recurrent_noise_purpose(run.address.use);
  for (int panel = 0; panel < noise.panels(); ++panel)
    for (int step = 0; step < noise.steps(); ++step)
      fill_normals(kernels, run.address.seed, purpose, run.address.iteration,
                   static_cast<std::uint32_t>(run.rows().first_trial + panel * panel_width),
                   static_cast<std::uint32_t>(step), noise.rows(), noise.at(panel, step));
}

void add(const PanelSeries& from, int step, PanelSeries& to) {
  for (int panel = 0; panel < to.panels(); ++panel) {
    const float* values = from.at(panel, step);
    float* sums = to.at(panel, 0);
    for (int i = 0; i < to.rows() * panel_width; ++i) sums[i] += values[i];
  }
}

}  // namespace

void forward(const Network& network, const Kernels& kernels, const SliceRun& run, const TrialSlice& slice,
             Workspace& workspace) {
  begin_forward(network, kernels, run, slice, workspace);
  forward_steps(network, run, slice, 0, slice.x.steps(), workspace);
}

void begin_forward(const Network& network, const Kernels& kernels, const SliceRun& run,
                   const TrialSlice& slice, Workspace& workspace) {
  const int panels = slice.panels(), steps = slice.x.steps();
  network.resize(workspace.trajectory, panels, steps);
  workspace.drive.resize(panels, 1, network.drive_rows());
  workspace.output.resize(panels, steps, network.N_out());
  if (network.has_noise() && run.given_noise == nullptr) {
    workspace.noise.resize(panels, steps, network.N_rec());
    fill_noise(kernels, run, workspace.noise);
  }
  network.begin(run.rows(), workspace.trajectory);
}

void forward_steps(const Network& network, const SliceRun& run, const TrialSlice& slice, int first, int steps,
                   Workspace& workspace) {
  const PanelSeries* noise = nullptr;
  if (network.has_noise()) noise = run.given_noise != nullptr ? run.given_noise : &workspace.noise;
  for (int step = first; step < first + steps; ++step)
    network.step(step, slice.x, noise, workspace.drive, workspace.trajectory);
  network.read_out(first, steps, workspace.trajectory, workspace.output);
}

void backward(const Network& network, const SliceRun& run, const TrialSlice& slice, bool penalises_activity,
              Workspace& workspace, float* gradient) {
  const int steps = slice.x.steps();
  Adjoint& adjoint = workspace.adjoint;
  network.resize(adjoint, slice.panels());
  adjoint.rate.fill(0);
  adjoint.state.fill(0);
  const int last_block = (steps - 1) / steps_per_block * steps_per_block;
  for (int first = last_block; first >= 0; first -= steps_per_block) {
    const int length = std::min(steps_per_block, steps - first);
    for (int slot = length - 1; slot >= 0; --slot) {
      network.adjoint_read_out(first + slot, workspace.output_gradient, adjoint);
      if (penalises_activity) add(workspace.rate_gradient, first + slot, adjoint.rate);
      network.adjoint_step(first + slot, workspace.trajectory, slot, adjoint);
    }
    network.accumulate(first, length, slice.x, workspace.trajectory, adjoint, gradient);
    network.accumulate_read_out(first, length, workspace.trajectory, workspace.output_gradient, gradient);
  }
  network.accumulate_begin(run.rows(), workspace.trajectory, adjoint, gradient);
}

}  // namespace nullcline
